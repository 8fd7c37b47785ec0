package io.castore.feeds.notification;

import java.util.List;

/**
 * What one record says.
 *
 * @param created objects that were written, in the order of the record
 * @param others how many events it has beside, such as of objects that were removed
 */
public record Notification(List<ObjectEvent> created, int others) {}
