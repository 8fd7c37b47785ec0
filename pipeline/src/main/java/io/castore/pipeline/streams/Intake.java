package io.castore.pipeline.streams;

import io.castore.pipeline.config.CastoreConfig;

/**
 * What a topology reads, and how much of that it may hold in memory. From this follow the sizes of
 * its consumers' buffers, which Kafka counts for each partition.
 *
 * <p>For each partition, the heap holds at most what was fetched and not polled ({@link
 * #partitionFetchBytes}), what one poll adds to its queue (as much again), and the queue ({@link
 * #recordsPerPartition}). Over all partitions that is the budget, or more where there are so many
 * partitions that not even the least fits: 2 records in a queue, and a fetch of one.
 *
 * @param partitions of all topics that the topology reads, as if one process had them all
 * @param recordBytes size of a large record
 * @param memoryBytes the budget
 */
public record Intake(int partitions, int recordBytes, long memoryBytes) {
  private static final long CHUNK_MEMORY_BYTES = 128 << 20;
  private static final long EVENT_MEMORY_BYTES = 32 << 20;

  /** A sealed upload with its place in 64 partitions, or an opened one with a long name. */
  private static final int EVENT_BYTES = 4 << 10;

  private static final int LEAST_RECORDS = 2;
  private static final int LEAST_POLL_RECORDS = 16;
  private static final int LEAST_FETCH_BYTES = 64 << 10;
  private static final int MOST_FETCH_BYTES = 2 << 20;

  /** What Kafka Streams uses where it is not told. */
  private static final int MOST_RECORDS = 1000;

  /** What an application reads, from topics of as many partitions as they are made with. */
  static Intake of(CastoreConfig config, StreamsApplication application) {
    return application.sources().contains(config.topics().chunks().name())
        ? ofChunks(config, config.chunkPartitions())
        : ofEvents(config.uploadPartitions() * application.sources().size());
  }

  /** Chunks, within 128 MiB. */
  public static Intake ofChunks(CastoreConfig config, int partitions) {
    return new Intake(partitions, config.messageLimits().largestChunkBytes(), CHUNK_MEMORY_BYTES);
  }

  /** Events and receipts of uploads, within 32 MiB. */
  public static Intake ofEvents(int partitions) {
    return new Intake(partitions, EVENT_BYTES, EVENT_MEMORY_BYTES);
  }

  /** Setting {@code buffered.records.per.partition}: half of the budget. */
  int recordsPerPartition() {
    return between(LEAST_RECORDS, memoryBytes / 2 / partitions / recordBytes, MOST_RECORDS);
  }

  /**
   * Setting {@code max.poll.records} of a topology of so many threads. What a poll takes is bounded
   * by what was fetched; this bounds how long the records of one poll keep a thread from the next.
   */
  int pollRecords(int threads) {
    return between(LEAST_POLL_RECORDS, memoryBytes / 4 / threads / recordBytes, MOST_RECORDS);
  }

  /**
   * Setting {@code max.partition.fetch.bytes}: a quarter of the budget. A batch that is larger is
   * fetched all the same, by itself.
   */
  int partitionFetchBytes() {
    int least = Math.max(LEAST_FETCH_BYTES, recordBytes + recordBytes / 4);
    return between(least, memoryBytes / 4 / partitions, Math.max(least, MOST_FETCH_BYTES));
  }

  private static int between(int least, long value, int most) {
    return (int) Math.max(least, Math.min(value, most));
  }
}
