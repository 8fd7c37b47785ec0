package io.castore.cli.listing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RestoreListTest {
  private static final String HEX = Digest.EMPTY.toHex();

  @Test
  void shouldReadChecksumLines() throws IOException {
    assertThat(read(HEX + "  a\n\\" + HEX + "  b\\nc\n"))
        .containsExactly(
            new ListedLine.Good<>(1, plain("a")), new ListedLine.Good<>(2, plain("b\nc")));
  }

  @Test
  void shouldReadManifestLines() throws IOException {
    ManifestEntry entry =
        new ManifestEntry(
            "a\uFFFD", URI.create("a%FF"), 7, Digest.EMPTY, new UUID(1, 2), 1, 1, 7, false);

    assertThat(read(entry.format() + "\n"))
        .containsExactly(
            new ListedLine.Good<>(
                1,
                new RestoreItem("a\uFFFD", URI.create("a%FF"), Digest.EMPTY, OptionalLong.of(7))));
  }

  @Test
  void shouldReadLastLineWithoutLineEnd() throws IOException {
    assertThat(read(HEX + "  a")).containsExactly(new ListedLine.Good<>(1, plain("a")));
  }

  @Test
  void shouldFindNothingInEmptyList() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void shouldReportEachBadLineAndReadTheOthers() throws IOException {
    List<ListedLine<RestoreItem>> lines =
        read("\n" + HEX + "  a\nwhat?\n{\"path\":1}\n" + HEX + "  b\n");

    assertThat(lines).hasSize(5);
    assertThat(messages(lines))
        .containsExactly(
            "line 1: empty line (expected: <hex64>  <path>)",
            "line 3: no two spaces after a digest (expected: <hex64>  <path>)",
            "line 4: path: 1 (expected: a string)");
    assertThat(lines)
        .contains(new ListedLine.Good<>(2, plain("a")), new ListedLine.Good<>(5, plain("b")));
  }

  @Test
  void shouldReportLineThatIsNotUtf8() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((HEX + "  x").getBytes(UTF_8));
    bytes.write(0xff);
    bytes.writeBytes(("\n" + HEX + "  b\n").getBytes(UTF_8));

    List<ListedLine<RestoreItem>> lines = read(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(messages(lines)).containsExactly("line 1: not valid UTF-8 (expected: text)");
    assertThat(lines).contains(new ListedLine.Good<>(2, plain("b")));
  }

  @Test
  void shouldReportLineThatIsTooLongAndReadTheNext() throws IOException {
    String tooLong = "x".repeat(LineReader.MAX_LINE_BYTES + 1);

    List<ListedLine<RestoreItem>> lines = read(tooLong + "\n" + HEX + "  b\n");

    assertThat(messages(lines))
        .containsExactly("line 1: line too long (expected: at most 1048576 bytes)");
    assertThat(lines).contains(new ListedLine.Good<>(2, plain("b")));
  }

  @Test
  void shouldReadLineOfTheGreatestLength() throws IOException {
    String path = "x".repeat(LineReader.MAX_LINE_BYTES - HEX.length() - 2);

    assertThat(read(HEX + "  " + path + "\n"))
        .containsExactly(new ListedLine.Good<>(1, plain(path)));
  }

  private static RestoreItem plain(String path) {
    return new RestoreItem(path, null, Digest.EMPTY, OptionalLong.empty());
  }

  private static List<String> messages(List<ListedLine<RestoreItem>> lines) {
    List<String> messages = new ArrayList<>();
    for (ListedLine<RestoreItem> line : lines) {
      if (line instanceof ListedLine.Bad<RestoreItem> bad) {
        messages.add(bad.message());
      }
    }
    return messages;
  }

  private static List<ListedLine<RestoreItem>> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<ListedLine<RestoreItem>> read(InputStream in) throws IOException {
    List<ListedLine<RestoreItem>> lines = new ArrayList<>();
    try (RestoreList list = new RestoreList(in)) {
      for (Optional<ListedLine<RestoreItem>> line = list.next();
          line.isPresent();
          line = list.next()) {
        lines.add(line.get());
      }
    }
    return lines;
  }
}
