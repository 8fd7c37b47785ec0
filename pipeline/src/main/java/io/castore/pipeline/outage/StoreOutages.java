package io.castore.pipeline.outage;

import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import java.util.Optional;

/** Tells the store's failures from all others. */
public final class StoreOutages {
  private StoreOutages() {}

  /**
   * Finds what the store did, if anything, among the causes of a failure.
   *
   * @return the store's own exception
   */
  public static Optional<Throwable> causeOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreUnavailableException || cause instanceof StoreRefusedException) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }
}
