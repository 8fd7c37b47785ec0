package io.castore.feeds.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.log|a.log|true",
        "*.log|x/y/a.log|true",
        "*.log|a.log.gz|false",
        "x/*.log|x/a.log|true",
        "x/*.log|x/y/a.log|false",
        "x/**|x/y/a.log|true",
        "x/**|xy/a.log|false",
        "**/y/*|x/y/a|true",
        "a?c|abc|true",
        "x/a?c|x/a/c|false",
        "[a-c]1|b1|true",
        "[!a-c]1|b1|false",
        "[!a-c]1|d1|true",
        "{a,b}/x|b/x|true",
        "{a,b}/x|c/x|false",
        "a,b|a,b|true",
        "a.b|axb|false",
        "\\*|*|true",
        "\\*|x|false",
        "[.]x|.x|true"
      })
  void shouldMatchAsShellsDo(String glob, String path, boolean expected) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a", "a\\", "[b-a]"})
  void shouldRefuseWhatIsNoPattern(String glob) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Glob.of(glob))
        .withMessageContaining(glob)
        .withMessageContaining("expected");
  }

  @Test
  void shouldMatchNamesThatAreNoneOfAFileSystem() {
    assertThat(Glob.of("*").matches("a\0b\n")).isTrue();
  }
}
