package io.castore.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.UploadStatus.State;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that are published in slices. */
final class HugeUploadTest {
  @TempDir private Path directory;

  @Test
  void shouldPublishAndClearInSlices() throws Exception {
    HugeUpload.Report report = new HugeUpload(200_000, directory).run();

    assertThat(report.end().getState()).isEqualTo(State.COMPLETE);
    assertThat(report.end().getChunksReceived()).isEqualTo(200_000);
    assertThat(report.listed()).isEqualTo(200_000);
    assertThat(report.ticks()).isGreaterThanOrEqualTo(3);
    assertThat(report.isCleared()).isTrue();
  }

  /** {@code ./mvnw verify -pl index-writer -Pfaults} runs this too. */
  @Test
  @Tag("scale")
  void shouldPublishFiveMillionChunksWithSmallMemory() throws Exception {
    String seen = runInSmallMemory(5_000_000);

    System.out.println(seen);
    assertThat(seen)
        .startsWith("COMPLETE with 5000000 chunks listed in 200000000 bytes, cleared: true");
  }

  private String runInSmallMemory(long count) throws IOException, InterruptedException {
    Path out = Path.of("target", "huge-upload.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                HugeUpload.class.getName(),
                Long.toString(count),
                directory.toString())
            .redirectOutput(out.toFile())
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
