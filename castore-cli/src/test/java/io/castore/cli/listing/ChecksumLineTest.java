package io.castore.cli.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.digest.Digest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumLineTest {
  private static final String HEX = Digest.EMPTY.toHex();

  @Test
  void shouldWriteDigestTwoSpacesAndPath() {
    assertThat(format("docs/a b.md")).isEqualTo(HEX + "  docs/a b.md");
  }

  @Test
  void shouldMarkTheLineWhenThePathIsEscaped() {
    assertThat(format("a\\b\nc\rd")).isEqualTo("\\" + HEX + "  a\\\\b\\nc\\rd");
  }

  @Test
  void shouldLeaveOtherControlCharactersAlone() {
    assertThat(format("a\tb\u0001\u2028")).isEqualTo(HEX + "  a\tb\u0001\u2028");
  }

  @Test
  void shouldReadBackslashesAsTheyAreWhenTheLineIsNotMarked() throws Exception {
    assertThat(parse(HEX + "  a\\nb").path()).isEqualTo("a\\nb");
  }

  @Test
  void shouldReadLineThatIsMarkedWithoutNeed() throws Exception {
    assertThat(parse("\\" + HEX + "  plain").path()).isEqualTo("plain");
  }

  @Test
  void shouldDropLineEndOfEitherKind() throws Exception {
    assertThat(parse(HEX + "  a\r\n").path()).isEqualTo("a");
    assertThat(parse(HEX + "  a\n").path()).isEqualTo("a");
  }

  @Test
  void shouldKeepSpacesOfThePath() throws Exception {
    assertThat(parse(HEX + "   a  b ").path()).isEqualTo(" a  b ");
  }

  @Test
  void shouldKeepCarriageReturnWithinThePathOfOldVersions() throws Exception {
    assertThat(parse(HEX + "  a\rb").path()).isEqualTo("a\rb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n", "a", "# comment", "\\"})
  void shouldRefuseLineWithoutTwoFields(String line) {
    assertRefused(line, "expected: <hex64>  <path>");
  }

  @Test
  void shouldRefuseOtherDigests() {
    assertRefused(HEX.toUpperCase(java.util.Locale.ROOT) + "  a", "64 lower-case hex characters");
    assertRefused(HEX.substring(1) + "  a", "64 lower-case hex characters");
    assertRefused("b3:" + HEX.substring(3) + "  a", "64 lower-case hex characters");
  }

  @Test
  void shouldRefuseLineWithBinaryMarkOrTag() {
    assertRefused(HEX + " *a", "no two spaces");
    assertRefused("BLAKE3 (a) = " + HEX, "no two spaces");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\", "a\\t", "\\x41"})
  void shouldRefuseUnknownEscape(String path) {
    assertRefused("\\" + HEX + "  " + path, "expected: \\\\, \\n or \\r");
  }

  @Test
  void shouldRefusePathsThatStandForNoFileOrForMany() {
    assertRefused(HEX + "  ", "empty path");
    assertRefused(HEX + "  \r", "empty path");
    assertRefused(HEX + "  a\0b", "NUL");
    assertRefused(HEX + "  a\uFFFDb", "U+FFFD");
  }

  @Property
  void shouldReadBackWhateverItWrites(@ForAll("checkablePaths") String path) throws Exception {
    ChecksumLine line = new ChecksumLine(Digest.EMPTY, path);
    assertThat(line.format()).doesNotContain("\n", "\r");
    assertThat(parse(line.format())).isEqualTo(line);
    assertThat(parse(line.format() + "\n")).isEqualTo(line);
  }

  @Provide
  Arbitrary<String> checkablePaths() {
    return Arbitraries.strings()
        .withChars("\\nr\n\r /a")
        .withChars('\u0001', '\uD7FF')
        .withChars('\uE000', '\uFFFC')
        .ofMinLength(1)
        .ofMaxLength(20);
  }

  private static String format(String path) {
    return new ChecksumLine(Digest.EMPTY, path).format();
  }

  private static ChecksumLine parse(String line) throws MalformedLineException {
    return ChecksumLine.parse(line);
  }

  private static void assertRefused(String line, String message) {
    assertThatExceptionOfType(MalformedLineException.class)
        .isThrownBy(() -> parse(line))
        .withMessageContaining(message);
  }
}
