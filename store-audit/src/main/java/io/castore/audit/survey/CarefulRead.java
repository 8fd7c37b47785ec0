package io.castore.audit.survey;

import io.castore.content.layout.CorruptObjectException;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.Function;

/**
 * Reads an object that may be damaged, and tells damage from a store that cannot be used: a stream
 * may break for once, a disk's bad sector stays.
 */
public final class CarefulRead {
  private static final int ATTEMPTS = 2;

  private CarefulRead() {}

  /** Reads an object. */
  @FunctionalInterface
  public interface Read<T> {
    /** Reads it from its first byte on. */
    T read() throws IOException;
  }

  /**
   * Reads an object.
   *
   * @param damaged makes the answer where the object is damaged, of the reason
   * @throws IOException if the store cannot be used
   */
  public static <T> T read(Read<T> read, Function<String, T> damaged) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        return read.read();
      } catch (CorruptObjectException corrupt) {
        return damaged.apply(corrupt.reason());
      } catch (StoreUnavailableException
          | StoreRefusedException
          | InterruptedIOException unusable) {
        throw unusable;
      } catch (IOException unreadable) {
        if (attempt == ATTEMPTS) {
          return damaged.apply("cannot be read: " + unreadable);
        }
      }
    }
  }
}
