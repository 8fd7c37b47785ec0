package io.castore.query.existence;

import java.io.IOException;

/** No process that has a part of the deduplication state could be asked. Trying again may help. */
final class NobodyAnswersException extends IOException {
  private static final long serialVersionUID = 1L;

  NobodyAnswersException(String message) {
    super(message);
  }
}
