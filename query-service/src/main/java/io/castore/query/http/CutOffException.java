package io.castore.query.http;

import com.linecorp.armeria.common.CancellationException;

/**
 * A body ends before it is whole. As a cancellation it makes the server reset the stream, or close
 * the connection, without a log line of its own.
 */
final class CutOffException extends CancellationException {
  private static final long serialVersionUID = 1L;

  CutOffException(String message) {
    super(message);
  }
}
