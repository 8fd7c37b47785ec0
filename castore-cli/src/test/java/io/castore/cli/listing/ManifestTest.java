package io.castore.cli.listing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final UUID UPLOAD = UUID.fromString("01936f2c-0000-7000-8000-000000000001");
  private static final ManifestEntry ENTRY =
      new ManifestEntry("docs/a.md", null, 300_000, Digest.EMPTY, UPLOAD, 2, 1, 170_000, false);

  @Test
  void shouldWriteFieldsInTheirOrder() {
    assertThat(ENTRY.format())
        .isEqualTo(
            "{\"path\":\"docs/a.md\",\"size\":300000,\"digest\":\""
                + Digest.EMPTY.toHex()
                + "\",\"upload_id\":\"01936f2c-0000-7000-8000-000000000001\",\"chunks\":2,"
                + "\"new_chunks\":1,\"new_bytes\":170000}");
  }

  @Test
  void shouldWriteExactPathWhenThereIsOne() {
    assertThat(notUtf8().format())
        .startsWith("{\"path\":\"caf\uFFFD\",\"path_uri\":\"caf%E9\",\"size\":");
  }

  @Test
  void shouldWriteAndReadEveryLine() throws IOException, MalformedLineException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ManifestWriter writer = new ManifestWriter(bytes)) {
      writer.write(ENTRY);
      writer.write(notUtf8());
    }

    List<String> lines = bytes.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(ManifestEntry.parse(lines.get(0))).isEqualTo(ENTRY);
    assertThat(ManifestEntry.parse(lines.get(1))).isEqualTo(notUtf8());
  }

  @Test
  void shouldIgnoreUnknownFields() throws MalformedLineException {
    String line = ENTRY.format().replace("{", "{\"labels\":[1,{}],");

    assertThat(ManifestEntry.parse(line)).isEqualTo(ENTRY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"path", "size", "digest", "upload_id", "chunks", "new_chunks", "new_bytes"})
  void shouldNameTheFieldWhenItIsMissing(String field) {
    assertRefused(ENTRY.format().replace('"' + field + '"', "\"x\""), field + ": missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"docs/a.md\"|\"\"|path: \"\" (expected: a file's path)",
        "\"docs/a.md\"|7|path: 7 (expected: a string)",
        "300000|-1|size: -1 (expected: a whole number from 0)",
        "300000|3.5|size: 3.5 (expected: a whole number from 0)",
        "300000|\"3\"|size: \"3\" (expected: a whole number from 0)",
        "300000|99999999999999999999|size: 99999999999999999999",
        "af13|zz13|digest: \"zz13",
        "01936f2c-0000|1-2|upload_id: \"1-2-7000",
        "\"chunks\":2|\"chunks\":2,\"path_uri\":\"%\"|path_uri: \"%\" (expected: a URI)",
        "\"chunks\":2|\"chunks\":2,\"chunks\":3|Duplicate field 'chunks'"
      })
  void shouldSayWhatIsWrongWithAField(String good, String bad, String message) {
    assertRefused(ENTRY.format().replace(good, bad), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{} {}", "{\"path\":"})
  void shouldRefuseWhatIsNotOneObject(String line) {
    assertRefused(line, "(expected: one");
  }

  @Property(tries = 300)
  void shouldReadBackWhateverItWrites(
      @ForAll @StringLength(min = 1, max = 30) String path, @ForAll @LongRange(min = 0) long count)
      throws MalformedLineException {
    ManifestEntry entry =
        new ManifestEntry(path, null, count, Digest.EMPTY, UPLOAD, count, 0, count, true);

    assertThat(entry.format()).doesNotContain("\n", "\r");
    assertThat(ManifestEntry.parse(entry.format())).isEqualTo(entry);
  }

  @Test
  void shouldReadAnyFormOfDigest() throws MalformedLineException {
    String base64 = java.util.Base64.getEncoder().encodeToString(Digest.EMPTY.toBytes());
    for (String form : List.of("b3:" + base64, "blake3-" + base64)) {
      String line = ENTRY.format().replace(Digest.EMPTY.toHex(), form);
      assertThat(ManifestEntry.parse(line)).isEqualTo(ENTRY);
    }
  }

  private static ManifestEntry notUtf8() {
    return new ManifestEntry(
        "caf\uFFFD", URI.create("caf%E9"), 0, Digest.EMPTY, UPLOAD, 0, 0, 0, false);
  }

  private static void assertRefused(String line, String message) {
    assertThatExceptionOfType(MalformedLineException.class)
        .isThrownBy(() -> ManifestEntry.parse(line))
        .withMessageContaining(message);
  }
}
