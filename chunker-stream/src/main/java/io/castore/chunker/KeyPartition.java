package io.castore.chunker;

import io.castore.content.digest.Digest;
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
}
