package io.castore.blobs;

import java.io.IOException;

/** The service answered with an error that asking again cannot help. */
public final class ServiceErrorException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int UNPROCESSABLE_CONTENT = 422;

  private final int status;

  /**
   * Says what was asked and what the service said of it.
   *
   * @param status the answer's, of HTTP
   */
  public ServiceErrorException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Gives the status of the answer. */
  public int status() {
    return status;
  }

  /** Whether the service wants another token, or a token at all. */
  public boolean isAboutAccess() {
    return status == UNAUTHORIZED || status == FORBIDDEN;
  }

  /** Whether a content had another digest than was promised; nothing was published then. */
  public boolean isAboutContent() {
    return status == UNPROCESSABLE_CONTENT;
  }
}
