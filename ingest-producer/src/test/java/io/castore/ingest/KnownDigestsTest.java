package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownDigestsTest {
  private static final int DIGESTS = 12;

  /** Something that is done with one digest; a receipt where there is a result. */
  record Step(int digest, Result result, boolean asks) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.integers().between(0, DIGESTS - 1),
                Arbitraries.of(
                    Result.STORED,
                    Result.STORED,
                    Result.DEDUPLICATED,
                    Result.REJECTED,
                    Result.MISSING,
                    Result.RESULT_UNSPECIFIED),
                Arbitraries.of(true, false))
            .as(Step::new);
    return step.list().ofMaxSize(200);
  }

  @Property(tries = 300)
  void shouldKnowWhatWasToldOrAskedForLast(
      @ForAll @IntRange(max = 8) int capacity, @ForAll("steps") List<Step> steps) {
    KnownDigests known = new KnownDigests(capacity);
    // The least recently used one first.
    List<Integer> model = new ArrayList<>();
    for (Step step : steps) {
      Integer digest = step.digest;
      if (step.asks) {
        assertThat(known.contains(digest(digest))).isEqualTo(model.contains(digest));
        if (model.remove(digest)) {
          model.add(digest);
        }
        continue;
      }
      known.heard(receipt(digest, step.result, "store"));
      if (step.result != Result.RESULT_UNSPECIFIED) {
        model.remove(digest);
      }
      if (step.result == Result.STORED || step.result == Result.DEDUPLICATED) {
        model.add(digest);
      }
      if (model.size() > capacity) {
        model.remove(0);
      }
    }

    for (int digest = 0; digest < DIGESTS; digest++) {
      assertThat(known.contains(digest(digest))).isEqualTo(model.contains(digest));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REJECTED", "MISSING"})
  void shouldForgetWhatIsNotStored(Result result) {
    KnownDigests known = new KnownDigests(10);
    known.heard(receipt(1, Result.STORED, "store"));

    known.heard(receipt(1, result, "store"));

    assertThat(known.contains(digest(1))).isFalse();
  }

  @Test
  void shouldForgetWhatItIsTold() {
    KnownDigests known = new KnownDigests(10);
    known.heard(receipt(1, Result.STORED, "store"));
    known.heard(receipt(2, Result.STORED, "store"));

    known.forget(digest(1));

    assertThat(known.contains(digest(1))).isFalse();
    assertThat(known.contains(digest(2))).isTrue();
  }

  @Test
  void shouldKnowNothingOfAStoreThatWasReplaced() {
    KnownDigests known = new KnownDigests(10);
    known.heard(receipt(1, Result.STORED, "former"));

    known.heard(receipt(2, Result.STORED, "present"));

    assertThat(known.contains(digest(1))).isFalse();
    assertThat(known.contains(digest(2))).isTrue();
  }

  @Test
  void shouldPassOverWhatIsNoDigest() {
    KnownDigests known = new KnownDigests(10);

    known.heard(
        ChunkReceipt.newBuilder()
            .setDigest(ByteString.copyFromUtf8("short"))
            .setResult(Result.STORED)
            .build());

    assertThat(known.contains(digest(1))).isFalse();
  }

  private static Digest digest(int number) {
    return Blake3.hash(new byte[] {(byte) number});
  }

  private static ChunkReceipt receipt(int number, Result result, String storeId) {
    return ChunkReceipt.newBuilder()
        .setDigest(ByteString.copyFrom(digest(number).toBytes()))
        .setResult(result)
        .setStoreId(storeId)
        .build();
  }
}
