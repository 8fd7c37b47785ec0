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
                    topics.chunkRequests(),
                    topics.uploadStatus(),
                    topics.sourceUpdates(),
                    topics.sources(),
                    topics.roots(),
                    topics.chunksDlq(),
                    topics.eventsDlq(),
                    topics.services(),
                    topics.stateOwners(),
                    topics.reports())
                .map(Topic::toString))
        .containsExactly(
            "castore.chunks",
            "castore.uploads",
            "castore.chunk-receipts",
            "castore.chunk-requests",
            "castore.upload-status",
            "castore.source-updates",
            "castore.sources",
            "castore.roots",
            "castore.chunks-dlq",
            "castore.events-dlq",
            "castore.services",
            "castore.state-owners",
            "castore.reports");
  }
}
