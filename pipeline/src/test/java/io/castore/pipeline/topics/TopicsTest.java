package io.castore.pipeline.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TopicsTest {
  @Test
  void shouldNameEveryTopicWithThePrefix() {
    Topics topics = new Topics("castore.");

    assertThat(
            Stream.of(
                    topics.chunks(),
                    topics.uploads(),
                    topics.chunkReceipts(),
                    topics.uploadStatus(),
                    topics.chunksDlq(),
                    topics.eventsDlq(),
                    topics.stateOwners())
                .map(Topic::toString))
        .containsExactly(
            "castore.chunks",
            "castore.uploads",
            "castore.chunk-receipts",
            "castore.upload-status",
            "castore.chunks-dlq",
            "castore.events-dlq",
            "castore.state-owners");
  }
}
