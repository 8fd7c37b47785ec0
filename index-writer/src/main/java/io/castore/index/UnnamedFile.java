package io.castore.index;

import io.castore.content.objectstore.ObjectBody;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A temporary file that nobody has to clear away: on POSIX systems it loses its name as soon as it
 * is open, so that it goes with the process, however that dies; elsewhere when it is closed.
 *
 * <p>Written by one thread, then read by any.
 *
 * @param channel the open file
 */
record UnnamedFile(FileChannel channel) implements Closeable {
  static UnnamedFile create(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new UnnamedFile(
        FileChannel.open(
            directory.resolve(UUID.randomUUID() + ".spool"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /** What was written until now. */
  ObjectBody body() {
    long size;
    try {
      size = channel.size();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new ObjectBody() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new Reading(channel);
      }
    };
  }

  /** Reads at a position of its own, so that several can read at a time. */
  private static final class Reading extends InputStream {
    private final FileChannel channel;
    private long position;

    Reading(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read = channel.read(ByteBuffer.wrap(target, offset, length), position);
      position += Math.max(read, 0);
      return read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
