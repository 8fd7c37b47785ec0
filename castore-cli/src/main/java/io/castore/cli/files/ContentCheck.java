package io.castore.cli.files;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files to find out whether their contents are those that are expected of them. On each core,
 * one file is digested while the next piece of it is read.
 *
 * <p>Safe for use by many threads. Each file that is read takes 2 MiB.
 */
public final class ContentCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContentCheck.class);
  private static final int PIECE_BYTES = 1 << 20;

  /** So that a walk gets no further ahead than there is work for some time. */
  private static final int MOST_WAITING = 64;

  private final ExecutorService digesting;
  private final ExecutorService reading;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final LongAdder bytesRead = new LongAdder();

  /** Starts no thread before there is a file to read. */
  public ContentCheck() {
    int cores = Runtime.getRuntime().availableProcessors();
    digesting = Executors.newFixedThreadPool(cores, task -> daemon(task, "content-check"));
    reading = Executors.newFixedThreadPool(cores, task -> daemon(task, "content-read"));
  }

  /**
   * What is expected of a file.
   *
   * @param size in bytes
   */
  public record Expected(Path path, long size, Digest digest) {}

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Reads files, after waiting until it has come near them.
   *
   * @return which of them have another content, by their places in the list; one that cannot be
   *     read is among these
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public CompletableFuture<BitSet> findOthers(List<Expected> files) throws InterruptedException {
    room.acquire();
    return CompletableFuture.supplyAsync(() -> others(files), digesting)
        .whenComplete((others, fault) -> room.release());
  }

  /** Tells how many bytes were read by now. */
  public long bytesRead() {
    return bytesRead.sum();
  }

  private BitSet others(List<Expected> files) {
    BitSet others = new BitSet(files.size());
    Pieces pieces = new Pieces();
    for (int i = 0; i < files.size(); i++) {
      others.set(i, !pieces.isAsExpected(files.get(i)));
    }
    return others;
  }

  /** Reads one file at a time, through two pieces of memory at most. */
  private final class Pieces {
    private final Blake3 blake3 = new Blake3();
    private byte[] current = new byte[64 << 10];
    private byte[] next = current;

    boolean isAsExpected(Expected file) {
      if (file.size() > current.length && current.length < PIECE_BYTES) {
        current = new byte[PIECE_BYTES];
        next = new byte[PIECE_BYTES];
      }
      try (InputStream in = Files.newInputStream(file.path())) {
        long length = file.size() <= current.length ? digestSmall(in) : digestAhead(in);
        Digest digest = blake3.finish();
        return length == file.size() && digest.equals(file.digest());
      } catch (IOException unreadable) {
        log.debug("{} cannot be read", file.path(), unreadable);
        Digest unused = blake3.finish();
        return false;
      }
    }

    private long digestSmall(InputStream in) throws IOException {
      long length = 0;
      for (int read = read(in, current); read > 0; read = read(in, current)) {
        blake3.update(current, 0, read);
        length += read;
      }
      return length;
    }

    private long digestAhead(InputStream in) throws IOException {
      long length = 0;
      int read = read(in, current);
      while (read > 0) {
        byte[] target = next;
        CompletableFuture<Integer> ahead =
            CompletableFuture.supplyAsync(() -> readUnchecked(in, target), reading);
        blake3.update(current, 0, read);
        length += read;
        read = await(ahead);
        next = current;
        current = target;
      }
      return length;
    }

    private int readUnchecked(InputStream in, byte[] target) {
      try {
        return read(in, target);
      } catch (IOException unreadable) {
        throw new CompletionException(unreadable);
      }
    }

    private int await(CompletableFuture<Integer> ahead) throws IOException {
      try {
        return ahead.join();
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof IOException unreadable) {
          throw unreadable;
        }
        throw failed;
      }
    }

    private int read(InputStream in, byte[] target) throws IOException {
      int read = in.readNBytes(target, 0, target.length);
      bytesRead.add(read);
      return read;
    }
  }

  /** Drops what it has not begun. */
  @Override
  public void close() {
    digesting.shutdownNow();
    reading.shutdownNow();
  }
}
