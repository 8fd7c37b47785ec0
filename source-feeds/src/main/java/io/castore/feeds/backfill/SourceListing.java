package io.castore.feeds.backfill;

import java.io.IOException;

/** Sources that are listed one by one, in bounded memory however many there are. */
@FunctionalInterface
public interface SourceListing {
  /** Takes what a listing finds. */
  interface Visitor {
    /** Takes the next source, and may wait with that. */
    void found(Candidate candidate) throws IOException, InterruptedException;

    /** Learns that something that was asked for cannot be listed, and why. */
    void failed(String name, String reason);

    /** Learns that something is left out by rule, such as a symbolic link, and why. */
    void passedOver(String name, String reason);
  }

  /**
   * Lists everything. What comes or goes meanwhile is found or not.
   *
   * @throws IOException if the listing cannot go on; the message is for a person
   */
  void list(Visitor visitor) throws IOException, InterruptedException;
}
