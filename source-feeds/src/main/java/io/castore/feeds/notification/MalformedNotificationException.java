package io.castore.feeds.notification;

import org.jspecify.annotations.Nullable;

/** A record is no notification of an S3 service. It will be none the next time, either. */
public final class MalformedNotificationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  MalformedNotificationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
