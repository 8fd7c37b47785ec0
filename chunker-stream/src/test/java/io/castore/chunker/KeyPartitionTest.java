package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

final class KeyPartitionTest {
  @Property(tries = 200)
  void shouldBeWhereKafkasDefaultPartitionerPutsTheKey(
      @ForAll byte[] content, @ForAll @IntRange(min = 1, max = 1000) int partitions) {
    Digest digest = Blake3.hash(content);

    assertThat(new KeyPartition(partitions).of(digest))
        .isEqualTo(BuiltInPartitioner.partitionForKey(digest.toBytes(), partitions));
  }
}
