package io.castore.feeds;

/** Compares what S3 services call the sequencer of an event. */
public final class Sequencers {
  private Sequencers() {}

  /**
   * Compares two sequencers of one object: the shorter one is padded with zeros on its right, and
   * the greater text is the later.
   *
   * @return below zero where the first is the earlier one, above zero where it is the later one
   */
  public static int compare(String one, String other) {
    int length = Math.max(one.length(), other.length());
    return padded(one, length).compareToIgnoreCase(padded(other, length));
  }

  private static String padded(String sequencer, int length) {
    return sequencer + "0".repeat(length - sequencer.length());
  }
}
