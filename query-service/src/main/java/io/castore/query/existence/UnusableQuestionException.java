package io.castore.query.existence;

import com.linecorp.armeria.common.HttpStatus;

/** A caller has asked what cannot be answered. The message is for the caller. */
final class UnusableQuestionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  UnusableQuestionException(HttpStatus status, String message) {
    super(message);
    this.status = status;
  }

  static UnusableQuestionException badRequest(String message) {
    return new UnusableQuestionException(HttpStatus.BAD_REQUEST, message);
  }

  HttpStatus status() {
    return status;
  }
}
