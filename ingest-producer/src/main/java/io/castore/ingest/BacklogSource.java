package io.castore.ingest;

import java.util.OptionalLong;

/** Tells how much waits in Kafka to be stored. Safe for use by many threads. */
interface BacklogSource extends AutoCloseable {
  /** Gives the bytes, as of a second or so ago, or nothing while they are not known. */
  OptionalLong bytes();

  @Override
  void close();
}
