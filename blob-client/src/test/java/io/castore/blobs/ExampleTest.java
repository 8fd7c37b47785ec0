package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the documentation, run. */
final class ExampleTest {
  private static final Path SOURCE =
      Path.of("src/test/java/io/castore/blobs/ExampleTest.java").toAbsolutePath();
  private static final Path PACKAGE_INFO =
      Path.of("src/main/java/io/castore/blobs/package-info.java").toAbsolutePath();
  private static final Path DOCUMENT = Path.of("../docs/java-api.md").toAbsolutePath();

  // example: from here
  static String writeAndReadBack(Blobs blobs, String text) throws IOException {
    BlobWriter writer = blobs.openWrite();
    Digest digest;
    try {
      writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      digest = writer.close();
    } finally {
      writer.abort(); // does nothing once the blob is closed
    }

    try (SeekableByteChannel channel = blobs.openRead(digest).orElseThrow()) {
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      while (content.hasRemaining() && channel.read(content) >= 0) {}
      return StandardCharsets.UTF_8.decode(content.flip()).toString();
    }
  }

  static String overHttp(URI service) throws IOException {
    try (Blobs blobs = RemoteBlobs.at(service).connect()) {
      return writeAndReadBack(blobs, "Hello World");
    }
  }

  // example: to here

  @Test
  void shouldDoWhatDocumentationSays() throws IOException {
    try (TestService service = TestService.start()) {
      assertThat(overHttp(service.url())).isEqualTo("Hello World");
    }
  }

  @Test
  void shouldStandInDocumentAsItIsRun() throws IOException {
    assertThat(Files.readString(DOCUMENT)).contains("```java\n" + region("") + "```");
  }

  @Test
  void shouldStandInPackageDocumentationAsItIsRun() throws IOException {
    String text = Files.readString(PACKAGE_INFO).replaceAll("(?m)^ \\*$", " * ");
    assertThat(text).contains(" * <pre>{@code\n" + region(" * ") + " * }</pre>");
  }

  /** Gives the example, without its indentation. */
  private static String region(String linePrefix) throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    int start = lines.indexOf("  // example: from here") + 1;
    int end = lines.indexOf("  // example: to here") - 1;
    StringBuilder region = new StringBuilder();
    for (String line : lines.subList(start, end)) {
      region.append(linePrefix).append(line.isEmpty() ? "" : line.substring(2)).append('\n');
    }
    return region.toString();
  }
}
