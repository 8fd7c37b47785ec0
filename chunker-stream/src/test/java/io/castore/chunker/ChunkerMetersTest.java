package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.objectstore.ObjectBody;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tasks of a process count together. */
final class ChunkerMetersTest {
  private static final UploadId UPLOAD = UploadId.random();
  private static final Chunk CHUNK = Chunk.of("Hello World, Hello World, Hello World");
  private static final Chunk ANOTHER = Chunk.of("Hello Moon");

  @TempDir private Path stateDir;
  private final FallibleWriter store = new FallibleWriter();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldCountOnWhenATaskIsClosed() {
    try (ChunkerDriver first = driver()) {
      first.pipe(CHUNK.digest(), CHUNK.compressed(UPLOAD, 0));
      first.pipe(CHUNK.digest(), CHUNK.uncompressed(UPLOAD, 1));
      first.pipe(ANOTHER.digest(), ANOTHER.reference(UPLOAD, 2));
      first.pipe(ANOTHER.digest(), CHUNK.uncompressed(UPLOAD, 2));
    }
    try (ChunkerDriver second = driver()) {
      second.pipe(ANOTHER.digest(), ANOTHER.compressed(UPLOAD, 2));
    }

    assertThat(chunks("stored")).isEqualTo(2);
    assertThat(chunks("deduplicated")).isEqualTo(1);
    assertThat(chunks("missing")).isEqualTo(1);
    assertThat(chunks("rejected")).isEqualTo(1);
    assertThat(rawBytes("stored")).isEqualTo(CHUNK.raw().length + ANOTHER.raw().length);
    assertThat(rawBytes("deduplicated")).isEqualTo(CHUNK.raw().length);
    assertThat(registry.get("castore.chunker.stored.bytes").counter().count())
        .isEqualTo(CHUNK.frame().length + ANOTHER.frame().length);
    assertThat(registry.get("castore.chunker.put").timer().count()).isEqualTo(2);
    assertThat(registry.get("castore.dead.letters").counter().count()).isEqualTo(1);
    assertThat(gauge("known.chunks")).isZero();
    assertThat(gauge("puts.in.flight")).isZero();
  }

  private ChunkerDriver driver() {
    return new ChunkerDriver(
        ChunkerDriver.topology(
            store, 8, 1, Duration.ofMinutes(1), new Telemetry(registry, Tracing.OFF)),
        stateDir);
  }

  private double chunks(String outcome) {
    return registry.get("castore.chunker.chunks").tag("outcome", outcome).counter().count();
  }

  private double rawBytes(String outcome) {
    return registry.get("castore.chunker.raw.bytes").tag("outcome", outcome).counter().count();
  }

  private double gauge(String name) {
    return registry.get("castore.chunker." + name).gauge().value();
  }

  @Test
  void shouldCountAPutThatFails() {
    ChunkerMeters meters = new ChunkerMeters(registry, "dead-letters");
    MeteredStore<FallibleWriter> metered = new MeteredStore<>(store, meters);
    store.goAway();

    assertThatThrownBy(() -> metered.put("key", ObjectBody.of(new byte[1])))
        .isInstanceOf(IOException.class);

    assertThat(registry.get("castore.chunker.put.failures").counter().count()).isEqualTo(1);
    assertThat(registry.get("castore.chunker.put").timer().count()).isZero();
    assertThat(gauge("puts.in.flight")).isZero();
  }

  @Test
  void shouldTellHowMuchOfTheWindowIsTaken() throws Exception {
    ChunkerMeters meters = new ChunkerMeters(registry, "dead-letters");
    PutBudget budget = new PutBudget(4, 1 << 20);
    meters.watch(budget);

    assertThat(budget.take(1000, Duration.ofSeconds(1))).isTrue();
    assertThat(budget.take(2000, Duration.ofSeconds(1))).isTrue();

    assertThat(gauge("window.requests")).isEqualTo(2);
    assertThat(gauge("window.requests.limit")).isEqualTo(4);
    assertThat(gauge("window.bytes")).isEqualTo(3 * 1024);
    assertThat(gauge("window.bytes.limit")).isEqualTo(1 << 20);
    budget.giveBack(1000);
    budget.giveBack(2000);
    assertThat(gauge("window.bytes")).isZero();
  }
}
