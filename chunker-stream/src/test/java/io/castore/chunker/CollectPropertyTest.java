package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.ChunkRecord.Collect.Kind;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Chunks, claims, orders and crashes in any order. */
final class CollectPropertyTest {
  private static final List<Chunk> CHUNKS = List.of(Chunk.of("one"), Chunk.of("another"));

  private enum What {
    PAYLOAD,
    REFERENCE,
    WHOLE,
    CLAIM,
    MARK,
    COLLECT_CHUNK,
    COLLECT_BLOB,
    DAMAGE,
    RESTORE,
    PROCESS,
    COMMIT,
    CRASH
  }

  private record Step(What what, int which, int count) {
    Chunk chunk() {
      return CHUNKS.get(which);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<What> what =
        Arbitraries.frequency(
            Tuple.of(6, What.PAYLOAD),
            Tuple.of(4, What.REFERENCE),
            Tuple.of(3, What.WHOLE),
            Tuple.of(4, What.CLAIM),
            Tuple.of(3, What.MARK),
            Tuple.of(6, What.COLLECT_CHUNK),
            Tuple.of(4, What.COLLECT_BLOB),
            Tuple.of(1, What.DAMAGE),
            Tuple.of(1, What.RESTORE),
            Tuple.of(12, What.PROCESS),
            Tuple.of(2, What.COMMIT),
            Tuple.of(6, What.CRASH));
    return Combinators.combine(
            what, Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(80);
  }

  @Property(tries = 1500)
  void shouldNeverLoseWhatSomebodyWasToldOfAfterTheMark(@ForAll("steps") List<Step> steps) {
    SimulatedPartition partition = new SimulatedPartition();
    for (Step step : steps) {
      switch (step.what()) {
        case PAYLOAD -> partition.payload(step.chunk());
        case REFERENCE -> partition.reference(step.chunk());
        case WHOLE -> partition.whole(step.chunk());
        case CLAIM -> partition.claim(step.chunk());
        case MARK -> partition.mark();
        case COLLECT_CHUNK -> partition.collect(step.chunk(), Kind.CHUNK);
        case COLLECT_BLOB -> partition.collect(step.chunk(), Kind.BLOB);
        case DAMAGE -> partition.damage(step.chunk());
        case RESTORE -> partition.restore(step.chunk());
        case PROCESS -> partition.process(step.count());
        case COMMIT -> partition.commit();
        case CRASH -> partition.crash(step.count());
      }
    }
    partition.processAll();
    partition.commit();

    // And nothing stays for ever.
    partition.mark();
    for (Chunk chunk : CHUNKS) {
      partition.collect(chunk, Kind.CHUNK);
      partition.collect(chunk, Kind.BLOB);
    }
    partition.processAll();
    for (Chunk chunk : CHUNKS) {
      assertThat(partition.holds(chunk, Kind.CHUNK)).isFalse();
      assertThat(partition.holds(chunk, Kind.BLOB)).isFalse();
    }
  }
}
