package io.castore.cli.system;

import java.nio.file.Path;

/** Another process runs the embedded system on this data directory and cannot share it. */
public final class DataDirInUseException extends Exception {
  private static final long serialVersionUID = 1L;

  DataDirInUseException(Path dataDir, Holder holder) {
    super(
        ("data directory %s is in use by \"castore %s\" (process %d, since %s); wait for its end, or name another with"
                + " --data-dir. While \"castore serve\" runs on a directory, all commands share it")
            .formatted(dataDir, holder.command(), holder.pid(), holder.since()));
  }

  private DataDirInUseException(Path dataDir) {
    super(
        "data directory %s is in use by another process, which does not say who it is; wait for its end, or name another with --data-dir"
            .formatted(dataDir));
  }

  /** Says who holds the directory, as far as that process tells. */
  static DataDirInUseException heldByAnother(Path dataDir) {
    return Holder.read(dataDir)
        .filter(Holder::isAlive)
        .map(holder -> new DataDirInUseException(dataDir, holder))
        .orElseGet(() -> new DataDirInUseException(dataDir));
  }
}
