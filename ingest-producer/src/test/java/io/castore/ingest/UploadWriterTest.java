package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.SourceVersion;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadEvent.Opened;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class UploadWriterTest {
  private static final Digest DIGEST = Blake3.hash(new byte[1]);

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<Digest> lost = new ArrayList<>();
  private final List<Exception> failures = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private int acknowledged;
  private final UploadWriter writer =
      new UploadWriter(
          new Topics("t."),
          new RecordSender(producer),
          () -> acknowledged++,
          lost::add,
          failures::add);

  @Test
  void shouldTellWhereAChunkStands() {
    sendChunk();
    sendChunk();

    assertThat(producer.completeNext()).isTrue();
    assertThat(producer.completeNext()).isTrue();

    assertThat(arrivals).containsExactly(0L, 1L);
    assertThat(acknowledged).isEqualTo(2);
    assertThat(lost).isEmpty();
  }

  @Test
  void shouldTellWhichChunkWasLost() {
    sendChunk();
    TimeoutException late = new TimeoutException("late");

    assertThat(producer.errorNext(late)).isTrue();

    assertThat(lost).containsExactly(DIGEST);
    assertThat(failures).containsExactly(late);
    assertThat(arrivals).isEmpty();
    assertThat(acknowledged).isZero();
  }

  @Test
  void shouldTellThatAnEventWasLost() {
    writer.aborted(UploadId.random(), "interrupted");
    TimeoutException late = new TimeoutException("late");

    assertThat(producer.errorNext(late)).isTrue();

    assertThat(failures).containsExactly(late);
    assertThat(lost).isEmpty();
  }

  @Test
  void shouldTellWhichVersionOfTheSourceIsRead() throws InvalidProtocolBufferException {
    Opened opened =
        Opened.newBuilder()
            .setSource("s3://bucket/key")
            .setVersion(SourceVersion.newBuilder().setEtag("abc").setSize(7))
            .build();

    writer.opened(UploadId.random(), opened, Span.getInvalid());

    assertThat(opened(0)).isEqualTo(opened);
  }

  @Test
  void shouldPutTheTraceIntoTheHeadersOfARecordThatBelongsToOne() {
    Span trace =
        Span.wrap(
            SpanContext.create(
                "0".repeat(31) + "1",
                "0".repeat(15) + "2",
                TraceFlags.getSampled(),
                TraceState.getDefault()));

    writer.opened(UploadId.random(), Opened.getDefaultInstance(), trace);
    writer.opened(UploadId.random(), Opened.getDefaultInstance(), Span.getInvalid());

    assertThat(producer.history().get(0).headers().lastHeader("traceparent").value())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("00-00000000000000000000000000000001-0000000000000002-01");
    assertThat(producer.history().get(1).headers()).isEmpty();
  }

  private UploadEvent.Opened opened(int index) throws InvalidProtocolBufferException {
    return UploadEvent.parseFrom(producer.history().get(index).value()).getOpened();
  }

  private void sendChunk() {
    writer.chunk(
        DIGEST,
        ChunkRecord.getDefaultInstance(),
        Span.getInvalid(),
        (partition, offset) -> arrivals.add(offset));
  }
}
