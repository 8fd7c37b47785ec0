package io.castore.content.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeldBuffersTest {
  private final HeldBuffers buffers = new HeldBuffers();
  private final byte[] used = new byte[100];

  @Test
  void shouldGiveTheSameAgainWhereNothingOfItIsHeld() {
    assertThat(buffers.replace(used, 100)).isSameAs(used);

    buffers.hold(used);
    buffers.release(used);
    assertThat(buffers.replace(used, 100)).isSameAs(used);
  }

  @Test
  void shouldGiveAnotherWhileItIsHeldAndItselfOnceItWasReleasedAsOften() {
    buffers.hold(used);
    buffers.hold(used);
    byte[] second = buffers.replace(used, 100);
    assertThat(second).isNotSameAs(used).hasSize(100);

    buffers.release(used);
    buffers.hold(second);
    byte[] third = buffers.replace(second, 100);
    assertThat(third).isNotSameAs(used).isNotSameAs(second);

    buffers.release(used);
    buffers.hold(third);
    assertThat(buffers.replace(third, 100)).isSameAs(used);
  }

  @Test
  void shouldNotGiveOneThatIsHeldAgain() {
    for (int i = 0; i < 2; i++) {
      buffers.hold(used);
      buffers.release(used);
    }
    buffers.hold(used);
    byte[] second = buffers.replace(used, 100);
    buffers.hold(second);

    assertThat(buffers.replace(second, 100)).isNotSameAs(used);
  }

  @Test
  void shouldGiveALargerOneWhereAskedFor() {
    assertThat(buffers.replace(used, 200)).hasSize(200);
  }

  @Test
  void shouldNeverGiveWhatItForgot() {
    buffers.hold(used);
    byte[] second = buffers.replace(used, 100);
    buffers.release(used);
    buffers.hold(second);

    buffers.forget();

    byte[] third = new byte[100];
    buffers.hold(third);
    assertThat(buffers.replace(third, 100)).isNotSameAs(used).isNotSameAs(second);
  }
}
