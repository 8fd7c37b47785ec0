package io.castore.cli.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directories to which files went last, kept open: the next file mostly goes to one of them,
 * and to get there name by name costs more than to write it. Only such are kept as stay the same
 * directory whatever is done to their path.
 *
 * <p>Safe for use by many threads.
 */
final class OpenParents implements Closeable {
  /** More than there are threads that write, so that none drives out what another uses. */
  private static final int MOST_KEPT = 32;

  private final Map<List<Path>, Lease> kept = new LinkedHashMap<>(16, 0.75f, true);

  /** Opens a directory that is not at hand. */
  @FunctionalInterface
  interface Opener {
    /** Opens it. */
    OpenDirectory open(List<Path> names) throws IOException;
  }

  /** A directory in use. To be closed by each who took it. */
  final class Lease implements Closeable {
    private final OpenDirectory directory;
    private int users;
    private boolean isKept;

    private Lease(OpenDirectory directory) {
      this.directory = directory;
    }

    OpenDirectory directory() {
      return directory;
    }

    @Override
    public void close() throws IOException {
      synchronized (OpenParents.this) {
        users--;
        closeIfUnused();
      }
    }

    private void closeIfUnused() throws IOException {
      if (users == 0 && !isKept) {
        directory.close();
      }
    }
  }

  /**
   * Gives a directory, by its names from the outermost one on.
   *
   * @param opener opens it where it is not at hand
   * @throws IOException if the opener throws it
   */
  synchronized Lease take(List<Path> names, Opener opener) throws IOException {
    Lease lease = kept.get(names);
    if (lease == null) {
      lease = new Lease(opener.open(names));
      if (lease.directory.isHeld()) {
        lease.isKept = true;
        kept.put(List.copyOf(names), lease);
      }
    }
    lease.users++;
    dropOldest();
    return lease;
  }

  private void dropOldest() throws IOException {
    if (kept.size() > MOST_KEPT) {
      Iterator<Lease> oldest = kept.values().iterator();
      drop(oldest.next(), oldest);
    }
  }

  private static void drop(Lease lease, Iterator<Lease> position) throws IOException {
    position.remove();
    lease.isKept = false;
    lease.closeIfUnused();
  }

  /** Gives up what is kept; what is in use is closed by its last user. */
  @Override
  public synchronized void close() throws IOException {
    for (Iterator<Lease> each = kept.values().iterator(); each.hasNext(); ) {
      drop(each.next(), each);
    }
  }
}
