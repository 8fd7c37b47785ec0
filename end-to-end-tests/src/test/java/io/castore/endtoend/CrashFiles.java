package io.castore.endtoend;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What a process leaves that dies in native code: a core, where the system writes one into the
 * working directory, or the JVM's own report. Such a death is so rare that its traces must outlive
 * the test's directory. {@code .ci/run} prints what they tell.
 */
final class CrashFiles {
  /** What a shell, and so the JVM that started a process, makes of SIGABRT and SIGSEGV. */
  private static final int ABORTED = 128 + 6;

  private static final int SEGMENTATION_FAULT = 128 + 11;

  private static final Path KEPT = Path.of("target", "crashes");

  private CrashFiles() {}

  /** Keeps those of a process, if it died so. */
  static void keep(Path workingDirectory, int exitCode, long pid) throws IOException {
    if (exitCode != ABORTED && exitCode != SEGMENTATION_FAULT) {
      return;
    }
    Files.createDirectories(KEPT);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(workingDirectory, "{core,core.*,hs_err_pid*}")) {
      for (Path file : files) {
        Files.move(
            file,
            KEPT.resolve(pid + "-" + file.getFileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
