/** What S3 services say of their objects, as events. */
@NullMarked
package io.castore.feeds.notification;

import org.jspecify.annotations.NullMarked;
