package io.castore.endtoend.faults;

import java.util.List;

/**
 * What a round came to.
 *
 * @param faultCase which case
 * @param round which of the case's rounds, from 1
 * @param seed what its moments came from
 * @param outcome whether all was well
 * @param strikes how many strikes hit
 * @param objects how many objects of the store were checked
 * @param lost how many objects are missing or damaged
 * @param falseComplete how many uploads are COMPLETE and do not read back
 * @param hung how many uploads have not ended
 * @param restarts how often services ended without being told to
 * @param ingestMillis how long the ingest took from the first chunk on, restarts of it included
 * @param storingMillis how long it was from the first chunk in the store to the last
 * @param millis how long the round took as a whole
 * @param remark what was wrong, or empty
 */
record RoundResult(
    FaultCase faultCase,
    int round,
    long seed,
    Outcome outcome,
    long strikes,
    long objects,
    long lost,
    long falseComplete,
    long hung,
    int restarts,
    long ingestMillis,
    long storingMillis,
    long millis,
    String remark) {
  private static final int FIELDS = 14;

  /** How a round ends. */
  enum Outcome {
    /** All was well. */
    PASSED,
    /** Something was not. */
    FAILED,
    /** No strike hit, so nothing was proven. */
    MISSED,
    /** This machine cannot do it. */
    SKIPPED
  }

  /** Writes it as one line. */
  String format() {
    return String.join(
        "\t",
        List.of(
            faultCase.toString(),
            Integer.toString(round),
            Long.toString(seed),
            outcome.toString(),
            Long.toString(strikes),
            Long.toString(objects),
            Long.toString(lost),
            Long.toString(falseComplete),
            Long.toString(hung),
            Integer.toString(restarts),
            Long.toString(ingestMillis),
            Long.toString(storingMillis),
            Long.toString(millis),
            remark.replaceAll("\\s+", " ")));
  }

  /** Reads what {@link #format} wrote. */
  static RoundResult parse(String line) {
    String[] fields = line.split("\t", FIELDS);
    return new RoundResult(
        FaultCase.parse(fields[0]),
        Integer.parseInt(fields[1]),
        Long.parseLong(fields[2]),
        Outcome.valueOf(fields[3]),
        Long.parseLong(fields[4]),
        Long.parseLong(fields[5]),
        Long.parseLong(fields[6]),
        Long.parseLong(fields[7]),
        Long.parseLong(fields[8]),
        Integer.parseInt(fields[9]),
        Long.parseLong(fields[10]),
        Long.parseLong(fields[11]),
        Long.parseLong(fields[12]),
        fields[13]);
  }
}
