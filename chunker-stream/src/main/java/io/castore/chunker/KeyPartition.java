package io.castore.chunker;

import io.castore.content.digest.Digest;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * Tells which partition of the topic of chunks a digest belongs to: the one that Kafka's default
 * partitioner puts it in.
 *
 * @param partitions how many partitions the topic has
 */
record KeyPartition(int partitions) {
  int of(Digest digest) {
    return Utils.toPositive(Utils.murmur2(digest.toBytes())) % partitions;
  }

  /**
   * Tells what is wrong with the partition that a record stands in, if anything is. One task must
   * own a digest, or two of them could store, remember and collect it in different orders.
   */
  Optional<String> fault(Digest digest, int partition) {
    int expected = of(digest);
    return partition == expected
        ? Optional.empty()
        : Optional.of(
            "the record is in partition %d (expected: %d, by its key)"
                .formatted(partition, expected));
  }
}
