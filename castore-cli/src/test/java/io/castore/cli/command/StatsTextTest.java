package io.castore.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.pipeline.cluster.ChunkLog;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.query.now.PipelineStats;
import io.castore.query.uploads.UploadTotals;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class StatsTextTest {
  private static final ChunkLog CHUNKS =
      new ChunkLog(
          List.of(
              new ChunkLog.Partition(
                  new TopicPartition("chunks", 0), 10, OptionalLong.of(30), 35, 2500, 500)));

  @Test
  void shouldTellWhyAServiceWaitsAndHowMuchItHasBeforeIt() {
    PipelineStats stats =
        new PipelineStats(
            List.of(
                ServiceStatus.newBuilder()
                    .setRole("chunker")
                    .setInstance("one")
                    .setState(ServiceStatus.State.PAUSED)
                    .setReason("no answer")
                    .build()),
            CHUNKS,
            UploadTotals.of(List.of()));

    assertThat(StatsText.lines(stats))
        .containsExactly(
            "service  chunker  one  PAUSED since 1970-01-01T00:00:00Z: no answer",
            "backlog  5 records, 500 B to be stored",
            "kept     20 records, 2.0 kB stored already, in Kafka for replay",
            "uploads  none",
            "bytes    0 B came, 0 B in 0 chunks were new; dedup ratio 1.00");
    ObjectNode json = stats.json();
    assertThat(json.at("/services/0/reason").asText()).isEqualTo("no answer");
    assertThat(json.at("/backlog/records").asLong()).isEqualTo(5);
    assertThat(json.at("/kept/bytes").asLong()).isEqualTo(2000);
  }

  @Test
  void shouldAddUploadsUp() {
    PipelineStats stats =
        new PipelineStats(
            List.of(),
            CHUNKS,
            UploadTotals.of(
                List.of(
                    upload(UploadStatus.State.COMPLETE, 600, 300),
                    upload(UploadStatus.State.COMPLETE, 300, 0),
                    upload(UploadStatus.State.OPEN, 100, 100))));

    assertThat(StatsText.lines(stats))
        .contains(
            "service  none runs",
            "uploads  1 OPEN, 2 COMPLETE",
            "bytes    1.0 kB came, 400 B in 2 chunks were new; dedup ratio 2.50");
    assertThat(stats.json().at("/uploads/COMPLETE").asLong()).isEqualTo(2);
    assertThat(stats.json().at("/services").isEmpty()).isTrue();
  }

  private static UploadStatus upload(UploadStatus.State state, long bytes, long newBytes) {
    return UploadStatus.newBuilder()
        .setState(state)
        .setBytesReceived(bytes)
        .setNewBytes(newBytes)
        .setNewChunks(newBytes > 0 ? 1 : 0)
        .build();
  }
}
