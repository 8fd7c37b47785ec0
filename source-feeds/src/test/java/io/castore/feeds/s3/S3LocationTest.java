package io.castore.feeds.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class S3LocationTest {
  @Test
  void shouldEscapeAllButPlainCharacters() {
    assertThat(new S3Location("b", "a b/ü+%~.txt").uri())
        .isEqualTo("s3://b/a%20b/%C3%BC%2B%25~.txt");
  }

  @Test
  void shouldTakeCharactersThatShouldBeEscapedAsTheyAre() {
    assertThat(S3Location.parse("s3://b/a b/ü+c")).isEqualTo(new S3Location("b", "a b/ü+c"));
    assertThat(S3Location.parse("s3://b")).isEqualTo(new S3Location("b", ""));
    assertThat(S3Location.parse("s3://b//x/")).isEqualTo(new S3Location("b", "/x/"));
  }

  @Property(tries = 300)
  void shouldReadWhatItWrote(@ForAll("keys") String key) {
    S3Location location = new S3Location("bucket", key);

    assertThat(S3Location.parse(location.uri())).isEqualTo(location);
    assertThat(URI.create(location.uri()).toString()).isEqualTo(location.uri());
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings()
        .withCharRange(' ', 'ӿ')
        .withChars('\u0001', '%', '/', '+', '?', '#')
        .ofMaxLength(30);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://", "s3:///key", "http://b/k", "s3://b/100%", "s3://b/%zz", "s3://b/%ff"})
  void shouldRefuseWhatIsNoLocation(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Location.parse(uri))
        .withMessageContaining(uri)
        .withMessageContaining("expected");
  }
}
