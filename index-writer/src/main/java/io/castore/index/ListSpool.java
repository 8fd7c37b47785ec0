package io.castore.index;

import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectBody;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;

/**
 * Collects the entries of a blob object, chunk by chunk, in memory or in a file. An entry has 40
 * bytes for a chunk of 16 KiB to 2 MiB, and 42 at most.
 *
 * <p>Not thread-safe.
 */
final class ListSpool implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final Entries entries;
  private final Closeable file;
  private long count;
  private long size;

  /** Gives what was written. */
  private interface Entries {
    ObjectBody get();
  }

  private ListSpool(OutputStream out, Entries entries, Closeable file) {
    this.out = out;
    this.entries = entries;
    this.file = file;
  }

  /** Collects in memory: for lists that are known to be short. */
  static ListSpool inMemory() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return new ListSpool(out, () -> ObjectBody.of(out.toByteArray()), () -> {});
  }

  /**
   * Collects in a file that is gone when it is closed, or with this process.
   *
   * @param directory where the file is made
   */
  static ListSpool inFile(Path directory) throws IOException {
    UnnamedFile file = UnnamedFile.create(directory);
    return new ListSpool(
        new BufferedOutputStream(Channels.newOutputStream(file.channel()), BUFFER_BYTES),
        file::body,
        file);
  }

  void add(ChunkRef chunk) throws IOException {
    BlobIndex.writeEntry(chunk, out);
    count++;
    size += chunk.size();
  }

  long size() {
    return size;
  }

  /** Gives the list, which has to be closed in place of this. */
  EncodedList finish() throws IOException {
    out.flush();
    return new EncodedList(count, size, entries.get(), file);
  }

  /** Gives up what was collected. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
