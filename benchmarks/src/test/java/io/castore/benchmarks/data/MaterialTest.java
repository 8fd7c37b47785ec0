package io.castore.benchmarks.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MaterialTest {
  @Test
  void shouldCutWhatIsTooLong() throws IOException {
    assertThat(material("abc", "def").fill(4)).asString(US_ASCII).isEqualTo("abcd");
  }

  @Test
  void shouldRepeatAllPiecesInAnotherOrder() throws IOException {
    String alphabet = "abcdefghijklmnopqrstuvwxyz";
    Material letters = material(alphabet.split(""));

    String content = new String(letters.fill(2 * alphabet.length()), US_ASCII);

    String first = content.substring(0, alphabet.length());
    String second = content.substring(alphabet.length());
    assertThat(first).isEqualTo(alphabet);
    assertThat(second).isNotEqualTo(alphabet);
    assertThat(second.chars().sorted().boxed().toList())
        .isEqualTo(alphabet.chars().boxed().toList());
  }

  @Test
  void shouldGiveTheSameEachTime() throws IOException {
    Material numbers =
        material(IntStream.range(0, 20).mapToObj(Integer::toString).toArray(String[]::new));

    assertThat(numbers.fill(1000)).isEqualTo(numbers.fill(1000));
  }

  @Test
  void shouldRefuseToRepeatNothing() {
    assertThatIOException()
        .isThrownBy(() -> material("", "").fill(1))
        .withMessageContaining("here");
    assertThatIOException().isThrownBy(() -> material().fill(1));
  }

  private static Material material(String... pieces) {
    return new Material(
        "here", List.of(pieces).stream().map(piece -> piece.getBytes(US_ASCII)).toList());
  }
}
