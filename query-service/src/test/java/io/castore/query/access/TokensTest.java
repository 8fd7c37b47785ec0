package io.castore.query.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.pipeline.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private static final String HASH =
      "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

  @TempDir private Path directory;

  @Test
  void shouldKnowATokenByItsLine() throws Exception {
    NewToken reader = NewToken.generate();
    NewToken both = NewToken.generate();
    Tokens tokens =
        Tokens.parse(
            String.join(
                "\n",
                "# who may call",
                "",
                reader.line("reader", List.of(Scope.READ)),
                "  " + both.line("ci-1.x_y", List.of(Scope.WRITE, Scope.READ)) + "\t",
                ""));

    assertThat(tokens.count()).isEqualTo(2);
    assertThat(tokens.find(reader.token()))
        .get()
        .extracting(KnownToken::name, KnownToken::scopes)
        .containsExactly("reader", Set.of(Scope.READ));
    assertThat(tokens.find(both.token()))
        .get()
        .extracting(KnownToken::name, KnownToken::scopes)
        .containsExactly("ci-1.x_y", Set.of(Scope.READ, Scope.WRITE));
    assertThat(tokens.find(NewToken.generate().token())).isEmpty();
    assertThat(tokens.find("")).isEmpty();
  }

  @Test
  void shouldMakeATokenOf256RandomBits() {
    NewToken token = NewToken.generate();

    assertThat(token.token()).matches("castore_[A-Za-z0-9_-]{43}");
    assertThat(token.token()).isNotEqualTo(NewToken.generate().token());
    assertThat(token.line("ci", List.of(Scope.WRITE, Scope.READ)))
        .startsWith("ci read,write ")
        .doesNotContain(token.token());
    assertThat(token.toString()).doesNotContain(token.token());
    assertThatThrownBy(() -> token.line("c i", List.of(Scope.READ)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> token.line("ci", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ci castore_secret                | line 2: 2 words
          c/i read HASH                    | line 2: not a name
          ci all HASH                      | line 2: not a list of scopes
          ci read, HASH                    | line 2: not a list of scopes
          ci read castore_secret           | line 2: not a hash
          ci read HASH castore_secret      | line 2: 4 words
          """)
  void shouldSayWhichLineIsWrongAndNotWhatItHolds(String line, String message) {
    String text = "# first\n" + line.replace("HASH", HASH);

    assertThatThrownBy(() -> Tokens.parse(text))
        .isInstanceOf(Tokens.MalformedException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void shouldRefuseANameThatIsThereTwice() {
    assertThatThrownBy(() -> Tokens.parse("ci read " + HASH + "\nci write " + HASH))
        .hasMessageStartingWith("line 2: a name that was there before");
  }

  @Test
  void shouldTakeOverAFileThatChangesAndKeepOutABrokenOne() throws Exception {
    NewToken first = NewToken.generate();
    NewToken second = NewToken.generate();
    Path path = write(first.line("first", List.of(Scope.READ)));
    TokensFile file = TokensFile.open(path);

    write("broken");
    file.refresh();
    assertThat(file.find(first.token())).isPresent();

    Files.delete(path);
    file.refresh();
    assertThat(file.find(first.token())).isPresent();

    write(second.line("second", List.of(Scope.READ)));
    file.refresh();
    assertThat(file.find(first.token())).isEmpty();
    assertThat(file.find(second.token())).isPresent();
  }

  @Test
  void shouldNameAFileThatCannotBeUsed() throws Exception {
    Path broken = write("ci read castore_secret");

    assertThatThrownBy(() -> TokensFile.open(broken))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "server.tokens.file: "
                + broken
                + ": line 1: not a hash (expected: what `castore token` prints for this file)");
    assertThatThrownBy(() -> TokensFile.open(directory.resolve("none")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("no such file");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("tokens"), text);
  }
}
