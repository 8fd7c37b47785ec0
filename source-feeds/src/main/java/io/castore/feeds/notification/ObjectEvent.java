package io.castore.feeds.notification;

/**
 * An object was written.
 *
 * @param bucket its bucket
 * @param key its key, without escapes
 * @param etag of the content that was written then; empty where the event does not say
 * @param sequencer orders the events of one object; empty where there is none
 */
public record ObjectEvent(String bucket, String key, String etag, String sequencer) {}
