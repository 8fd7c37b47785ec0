package io.castore.content.digest.blake3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeHashersTest {
  @AfterEach
  void forgetTheChoice() {
    System.clearProperty(NodeHashers.PROPERTY);
  }

  @Test
  void shouldChooseByItselfWhereNothingIsSaid() {
    assertThat(NodeHashers.chosen()).isEqualTo(NodeHashers.AUTO);
    assertThat(NodeHashers.AUTO.create()).isInstanceOf(LaneHasher.class);
  }

  @Test
  void shouldTakeTheChoiceOfTheProperty() {
    System.setProperty(NodeHashers.PROPERTY, "scalar");

    assertThat(NodeHashers.chosen()).isEqualTo(NodeHashers.SCALAR);
  }

  @Test
  void shouldNameTheChoicesWhereThereIsNoSuchOne() {
    System.setProperty(NodeHashers.PROPERTY, "native");

    assertThatIllegalArgumentException()
        .isThrownBy(NodeHashers::chosen)
        .withMessage("castore.blake3: native (expected: one of [auto, vector, lanes, scalar])");
  }

  @Test
  void shouldSayWhatVectorsNeed() {
    assertThatIllegalStateException()
        .isThrownBy(NodeHashers.VECTOR::create)
        .withMessageContaining("--add-modules jdk.incubator.vector");
  }
}
