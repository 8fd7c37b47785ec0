package io.castore.cli.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file could not be used, since the JDK's messages are often a mere path. */
public final class FailureReason {
  private FailureReason() {}

  /** Gives a text that follows "{@code path: }". */
  public static String of(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "is not a directory";
    }
    String words =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return words == null ? failure.getClass().getSimpleName() : words;
  }
}
