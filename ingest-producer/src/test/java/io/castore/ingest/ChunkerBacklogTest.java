package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.proto.pipeline.ChunkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PipelineExtension.class)
final class ChunkerBacklogTest {
  @Test
  void shouldTellWhatWaitsForTheChunkerOfTheStore(TestPipeline pipeline) throws Exception {
    TestPipeline.Topics topics = pipeline.topics();
    byte[] content = MemorySource.bytes(1000, 1);
    topics.tell(
        topics.config().topics().chunks(),
        Blake3.hash(content),
        ChunkRecord.newBuilder().setRaw(ByteString.copyFrom(content)).build());
    await().until(() -> topics.chunks().size() == 1);
    new StateOwners(topics.config()).assign("a-store");

    try (ChunkerBacklog backlog = ChunkerBacklog.watch(topics.config())) {
      assertThat(backlog.bytes()).isEmpty();

      await().until(() -> backlog.bytes().orElse(0) >= content.length);
    }
  }
}
