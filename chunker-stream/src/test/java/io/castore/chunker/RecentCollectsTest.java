package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecentCollectsTest {
  private final AtomicLong committed = new AtomicLong();
  private final AtomicInteger flushes = new AtomicInteger();
  private final RecentCollects collects =
      new RecentCollects(committed::get, flushes::incrementAndGet);

  @Test
  void shouldMakeDurableWhatWasCollectedAndNothingElse() {
    collects.add(digest(1), 10);

    collects.makeDurable(digest(2));
    assertThat(flushes).hasValue(0);
    collects.makeDurable(digest(1));
    assertThat(flushes).hasValue(1);
  }

  /** A blob of one chunk has that chunk's digest. */
  @Test
  void shouldMakeDurableWhatIsNotedOfACollectedDigestNext() {
    collects.add(digest(1), 10);

    collects.makeDurable(digest(1));
    collects.makeDurable(digest(1));

    assertThat(flushes).hasValue(2);
  }

  @Test
  void shouldForgetWhatIsCommitted() {
    collects.add(digest(1), 10);
    collects.add(digest(2), 11);
    committed.set(11);

    collects.makeDurable(digest(1));
    assertThat(flushes).hasValue(0);
    collects.makeDurable(digest(2));
    assertThat(flushes).hasValue(1);
  }

  @Test
  void shouldGoByTheLastCollectOfADigest() {
    collects.add(digest(1), 10);
    collects.add(digest(2), 11);
    collects.add(digest(1), 12);
    committed.set(12);

    collects.makeDurable(digest(1));
    assertThat(flushes).hasValue(1);
  }

  @Test
  void shouldTakeAnyDigestForACollectedOneWhereThereAreTooMany() {
    for (int i = 0; i <= RecentCollects.MOST; i++) {
      collects.add(digest(i), i);
    }

    collects.makeDurable(digest(-1));
    assertThat(flushes).hasValue(1);
    committed.set(1);
    collects.makeDurable(digest(-1));
    assertThat(flushes).hasValue(1);
    collects.makeDurable(digest(1));
    assertThat(flushes).hasValue(2);
  }

  @Test
  void shouldGiveUpNoneWhereTheyAreCommittedInTime() {
    for (int i = 0; i <= RecentCollects.MOST; i++) {
      committed.set(i / 2);
      collects.add(digest(i), i);
    }

    collects.makeDurable(digest(-1));
    assertThat(flushes).hasValue(0);
  }

  private static Digest digest(int number) {
    return Digest.of(ByteBuffer.allocate(Digest.LENGTH).putInt(number).array());
  }
}
