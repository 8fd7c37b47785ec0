package io.castore.cli.bench;

import java.util.EnumSet;
import java.util.Set;

/** What is measured, in the order in which it is done. */
public enum Phase {
  /** The service, from its start until it is ready. */
  START("start"),
  /** Files that are no part of what is measured, until the service has its code compiled. */
  WARM_UP("warm-up"),
  /** The first version, into a system that has nothing of it. */
  INGEST("ingest"),
  /** The same again, all files read. */
  AGAIN("again"),
  /** The same again, as it is. */
  UNCHANGED("unchanged"),
  /** The second version. */
  SECOND("second version"),
  /** The first version, restored and compared. */
  RESTORE("restore"),
  /** Parts of files, over HTTP. */
  RANGES("ranges"),
  /** Every object of the store. */
  VERIFY("verify"),
  /** The first version, into an empty system without a service. */
  COLD_INGEST("cold ingest"),
  /** The first version, restored without a service. */
  COLD_RESTORE("cold restore");

  private final String text;

  Phase(String text) {
    this.text = text;
  }

  /** Its name in reports; with dashes on the command line. */
  public String text() {
    return text;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return text.replace(' ', '-');
  }

  /** Whether the service runs meanwhile. */
  boolean isWarm() {
    return this != COLD_INGEST && this != COLD_RESTORE;
  }

  /**
   * Adds those without which the chosen ones cannot be.
   *
   * @param hasSecond whether there is a second version
   */
  static Set<Phase> withNeeded(Set<Phase> chosen, boolean hasSecond) {
    EnumSet<Phase> all = EnumSet.copyOf(chosen);
    if (!hasSecond) {
      all.remove(SECOND);
    }
    if (all.stream().anyMatch(phase -> phase.isWarm() && phase != START && phase != WARM_UP)) {
      all.add(WARM_UP);
      all.add(INGEST);
    }
    if (all.contains(COLD_RESTORE)) {
      all.add(COLD_INGEST);
    }
    if (all.stream().anyMatch(Phase::isWarm)) {
      all.add(START);
    }
    return all;
  }
}
