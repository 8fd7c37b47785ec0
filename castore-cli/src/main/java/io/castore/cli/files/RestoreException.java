package io.castore.cli.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One file could not be restored, because its listed path is refused or the file system did not
 * take it. The caller shows the message, which names the listed path, and goes on with the next
 * file.
 */
public final class RestoreException extends IOException {
  private static final long serialVersionUID = 1L;

  RestoreException(String listedPath, String reason, @Nullable Throwable cause) {
    super(listedPath + ": " + reason, cause);
  }

  static RestoreException refused(String listedPath, String reason) {
    return new RestoreException(listedPath, "not restored: " + reason, null);
  }

  static RestoreException failed(String listedPath, IOException failure) {
    return new RestoreException(
        listedPath, "could not be written: " + FailureReason.of(failure), failure);
  }
}
