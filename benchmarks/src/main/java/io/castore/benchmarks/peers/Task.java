package io.castore.benchmarks.peers;

/** What every tool does in a round, in this order. */
enum Task {
  /** The first version, into an empty store. */
  INGEST("ingest"),
  /** The same again, all files read. */
  AGAIN("again"),
  /** The same again, as the tool does by itself. */
  UNCHANGED("unchanged"),
  /** The second version. */
  SECOND("second version"),
  /** The first version, out of the store. */
  RESTORE("restore"),
  /** All that is stored, read and checked. */
  VERIFY("verify");

  private final String text;

  Task(String text) {
    this.text = text;
  }

  /** Its name in reports. */
  String text() {
    return text;
  }
}
