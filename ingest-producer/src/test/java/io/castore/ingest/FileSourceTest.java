package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSourceTest {
  @TempDir private Path directory;
  private Path file;
  private FileSource source;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.writeString(directory.resolve("a file.txt"), "content");
    source = new FileSource(file);
  }

  @Test
  void shouldBeNamedByItsUri() {
    assertThat(source.name()).startsWith("file:///").endsWith("/a%20file.txt");
    assertThat(new FileSource(directory.resolve("sub/../a file.txt")).name())
        .isEqualTo(source.name());
  }

  @Test
  void shouldGiveItsContentAsOftenAsWanted() throws IOException {
    assertThat(readAll()).isEqualTo("content");
    assertThatCode(() -> source.checkContent(Digest.EMPTY, 7)).doesNotThrowAnyException();
    assertThat(source.canReadAgain()).isTrue();
    assertThat(readAll()).isEqualTo("content");
  }

  @Test
  void shouldTellTheVersionThatWasOpenedLast() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000, 123_000)));
    assertThat(readAll()).hasSize(7);
    SourceVersion first = source.version().orElseThrow();
    assertThat(first.getModifiedAtNs()).isEqualTo(1_700_000_000_000_123_000L);
    assertThat(first.getSize()).isEqualTo(7);
    assertThat(first.getInode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    assertThat(first.getChangedAtNs())
        .isEqualTo(((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS));
    assertThat(first.getReadAtMs()).isGreaterThan(1_700_000_000_000L);
    assertThat(FileVersion.read(file)).isEqualTo(first.toBuilder().clearReadAtMs().build());

    Files.writeString(file, "other");
    assertThat(source.version()).contains(first);

    assertThat(readAll()).hasSize(5);
    assertThat(source.version()).get().isNotEqualTo(first);
  }

  @Test
  void shouldTellThatItGrew() throws IOException {
    assertThat(readAll()).hasSize(7);
    Files.writeString(file, "more", StandardOpenOption.APPEND);

    assertChanged(7, "its size changed while it was read: 7, 7, then 11 bytes");
  }

  @Test
  void shouldTellThatItGrewWhileItWasRead() throws IOException {
    assertThat(readAll()).hasSize(7);

    assertChanged(11, "its size changed while it was read: 7, 11, then 7 bytes");
  }

  @Test
  void shouldTellThatItWasWrittenTo() throws IOException {
    assertThat(readAll()).hasSize(7);
    Files.writeString(file, "CONTENT");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertChanged(7, "it was written to while it was read");
  }

  @Test
  void shouldTellThatItWasReplacedByAnotherFileOfTheSameTime() throws IOException {
    assertThat(readAll()).hasSize(7);
    Path other = Files.writeString(directory.resolve("other"), "CONTENT");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    assertChanged(7, "it was replaced by another file while it was read");
  }

  @Test
  void shouldTellThatItVanished() throws IOException {
    assertThat(readAll()).hasSize(7);
    Files.delete(file);

    assertThatIOException()
        .isThrownBy(() -> source.checkContent(Digest.EMPTY, 7))
        .isNotInstanceOf(SourceChangedException.class)
        .withMessage("it vanished while it was read");
  }

  @Test
  void shouldTellThatThereIsNoSuchFile() {
    assertThatIOException()
        .isThrownBy(() -> new FileSource(directory.resolve("missing")).open())
        .withMessage("there is no such file any more");
  }

  @Test
  void shouldNotReadADirectory() {
    FileSource notAFile = new FileSource(directory);

    assertThatIOException()
        .isThrownBy(
            () -> {
              try (InputStream in = notAFile.open()) {
                in.readAllBytes();
              }
            });
  }

  private void assertChanged(long bytesRead, String message) {
    assertThatExceptionOfType(SourceChangedException.class)
        .isThrownBy(() -> source.checkContent(Digest.EMPTY, bytesRead))
        .withMessage(message);
  }

  private String readAll() throws IOException {
    try (InputStream in = source.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
