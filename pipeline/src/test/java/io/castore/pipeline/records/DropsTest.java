package io.castore.pipeline.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.RootRule.Drop;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DropsTest {
  private static final RootRule PIN =
      RootRule.newBuilder().setPin(RootRule.Pin.newBuilder().setReason("kept")).build();

  @Test
  void shouldHaveANewRuleCountThatHasSeenTheOneBefore() {
    RootRule first = drop(List.of(3L, 4L), "a");
    RootRule second = drop(List.of(3L, 5L), "b");
    assertThat(Drops.latest(null, first)).isSameAs(first);
    assertThat(Drops.latest(first, second)).isSameAs(second);
    assertThat(Drops.latest(second, PIN)).isSameAs(PIN);
    assertThat(Drops.latest(PIN, PIN)).isSameAs(PIN);
  }

  @Test
  void shouldHaveAPinCountUntilADropLiftsIt() {
    RootRule drop = drop(List.of(9L), "a");
    RootRule lifting =
        RootRule.newBuilder().setDrop(drop.getDrop().toBuilder().setLiftsPin(true)).build();
    assertThat(Drops.latest(PIN, drop)).isSameAs(PIN);
    assertThat(Drops.latest(PIN, lifting)).isSameAs(lifting);
  }

  @Test
  void shouldKeepToBothDropsWhereTheSecondOneHasSeenLess() {
    RootRule first = drop(List.of(3L, 4L), "a", "b");
    RootRule second = drop(List.of(5L), "b", "c");

    Drop both = Drops.latest(first, second).getDrop();

    assertThat(both.getStatusEndsList()).containsExactly(5L, 4L);
    assertThat(both.getUploadIdsList())
        .extracting(ByteString::toStringUtf8)
        .containsExactly("a", "b", "c");
    assertThat(both.getLiftsPin()).isFalse();
    assertThat(Drops.latest(first, RootRule.newBuilder().setDrop(both).build()).getDrop())
        .isEqualTo(both);
  }

  @Test
  void shouldNameTheNewestUploadsWhereThereAreTooMany() {
    String[] many =
        LongStream.range(0, Drops.MOST_NAMED).mapToObj(Long::toString).toArray(String[]::new);
    Drop both = Drops.latest(drop(List.of(3L), many), drop(List.of(2L), "last")).getDrop();
    assertThat(both.getUploadIdsCount()).isEqualTo(Drops.MOST_NAMED);
    assertThat(both.getUploadIds(0).toStringUtf8()).isEqualTo("1");
    assertThat(both.getUploadIds(Drops.MOST_NAMED - 1).toStringUtf8()).isEqualTo("last");
  }

  private static RootRule drop(List<Long> ends, String... uploads) {
    Drop.Builder drop = Drop.newBuilder().addAllStatusEnds(ends);
    for (String upload : uploads) {
      drop.addUploadIds(ByteString.copyFromUtf8(upload));
    }
    return RootRule.newBuilder().setDrop(drop).build();
  }
}
