package io.castore.endtoend.faults;

import java.nio.file.Path;
import java.util.List;

/**
 * What an S3 server does to PUTs, by chance.
 *
 * @param refusedPercent how many of them it answers with 503
 * @param delayedPercent how many of the others it delays
 * @param delayMillis for how long
 * @param seed where the chance comes from
 * @param tally gets a byte for every PUT that is refused
 */
record PutFaults(int refusedPercent, int delayedPercent, long delayMillis, long seed, Path tally) {
  /** Writes them as one argument. */
  String format() {
    return "%d:%d:%d:%d:%s"
        .formatted(refusedPercent, delayedPercent, delayMillis, seed, tally.toString());
  }

  /** Reads what {@link #format} wrote. */
  static PutFaults parse(String text) {
    List<String> parts = List.of(text.split(":", 5));
    return new PutFaults(
        Integer.parseInt(parts.get(0)),
        Integer.parseInt(parts.get(1)),
        Long.parseLong(parts.get(2)),
        Long.parseLong(parts.get(3)),
        Path.of(parts.get(4)));
  }
}
