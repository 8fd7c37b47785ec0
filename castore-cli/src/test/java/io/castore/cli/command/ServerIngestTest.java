package io.castore.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.FileSource;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.ingest.StreamSource;
import io.castore.pipeline.config.CastoreConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ServerIngest}, with a real service beside. */
final class ServerIngestTest {
  @TempDir private Path directory;
  private TakingService service;
  private ServerIngest ingest;

  @BeforeEach
  void start() throws Exception {
    service = TakingService.start();
    ingest =
        ServerIngest.open(
            new Server(
                service.url(), CastoreConfig.of(Map.of("ingest.stall.timeout.ms", "60000"))));
  }

  @AfterEach
  void stop() {
    ingest.close();
    service.close();
  }

  @Test
  void shouldSendWhatServiceDoesNotHave() throws Exception {
    Path file = file("a", 100_000);
    Digest digest = Blake3.hash(Files.readAllBytes(file));
    IngestOutcome.Complete blob = complete(submit(file));
    assertThat(blob.digest()).isEqualTo(digest);
    assertThat(blob.size()).isEqualTo(100_000);
    assertThat(blob.newBytes()).isEqualTo(100_000);
    assertThat(blob.uploadId()).hasToString(TakingService.UPLOAD);
    assertThat(service.blobs.get(digest)).isEqualTo(Files.readAllBytes(file));
    assertThat(service.puts).containsExactly("/blobs/%s %s".formatted(digest, file.toUri()));
    assertThat(ingest.progress().newBytes()).isEqualTo(100_000);
    assertThat(ingest.progress().waitsFor()).isNull();
  }

  @Test
  void shouldHaveTheServiceUploadWhatItHas() throws Exception {
    Path file = file("a", 1000);
    Digest digest = Blake3.hash(Files.readAllBytes(file));
    service.blobs.put(digest, Files.readAllBytes(file));
    IngestOutcome.Complete blob = complete(submit(file));
    assertThat(blob.size()).isEqualTo(1000);
    assertThat(blob.newChunks()).isZero();
    assertThat(blob.uploadId()).hasToString(TakingService.UPLOAD);
    assertThat(service.puts).isEmpty();
    assertThat(service.posts)
        .containsExactly("/blobs/%s/uploads %s".formatted(digest, file.toUri()));
    assertThat(ingest.progress().complete()).isEqualTo(1);
    assertThat(ingest.progress().bytesComplete()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 500, 507})
  void shouldSendWhatTheServiceCannotUploadByItself(int status) throws Exception {
    Path file = file("a", 400);
    service.blobs.put(Blake3.hash(Files.readAllBytes(file)), Files.readAllBytes(file));
    service.postStatus = status;
    assertThat(complete(submit(file)).newChunks()).isEqualTo(1);
    assertThat(service.puts).hasSize(1);
  }

  @Test
  void shouldSendStreamWithoutKnowingItsDigest() throws Exception {
    byte[] content = {1, 2, 3};
    IngestOutcome.Complete blob =
        complete(
            ingest.submit(new StreamSource("stdin:-", () -> new ByteArrayInputStream(content))));
    assertThat(blob.digest()).isEqualTo(Blake3.hash(content));
    assertThat(service.puts).containsExactly("/blobs stdin:-");
  }

  @Test
  void shouldWaitWhenServiceTakesNoMoreForNow() throws Exception {
    service.busy.set(2);
    assertThat(complete(submit(file("a", 10))).size()).isEqualTo(10);
    assertThat(service.puts).hasSize(3);
  }

  @Test
  void shouldReadAgainWhenFileChangedMeanwhile() throws Exception {
    IngestOutcome.Complete blob = complete(ingest.submit(new Restless(1)));
    assertThat(blob.digest()).isEqualTo(Blake3.hash(new byte[] {1}));
    assertThat(service.puts).hasSize(2);
  }

  @Test
  void shouldFailFileThatIsAnotherAtEachReading() throws Exception {
    IngestOutcome outcome = await(ingest.submit(new Restless(100)));
    assertThat(outcome)
        .isEqualTo(
            new IngestOutcome.Failed(
                "it was written to while it was read, or damaged on its way to the service"));
    assertThat(service.puts).hasSize(3);
    assertThat(ingest.progress().failed()).isEqualTo(1);
  }

  @Test
  void shouldFailFileThatCannotBeRead() throws Exception {
    assertThat(await(submit(directory.resolve("absent"))))
        .isEqualTo(new IngestOutcome.Failed("there is no such file any more"));
  }

  @Test
  void shouldGiveUpAtOnceWhenServiceWasNeverThere() throws Exception {
    service.close();
    Path file = file("a", 10);
    assertThatThrownBy(() -> await(submit(file)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(PipelineUnavailableException.class)
        .hasMessageContaining("the service at " + service.url() + " cannot be reached");
  }

  @Test
  void shouldTakeNothingMoreWhenAborted() throws Exception {
    ingest.abortAll("interrupted");
    Path file = file("a", 10);
    assertThatThrownBy(() -> submit(file)).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void shouldSayWrongUsageWhenOptionsContradict() {
    String digest = Digest.EMPTY.toHex();
    String url = service.url().toString();
    assertThat(Castore.run("stat", digest, "--server", url, "--store", "memory:")).isEqualTo(2);
    assertThat(Castore.run("cat", digest, "--server", url, "--bootstrap-servers", "a:1"))
        .isEqualTo(2);
    assertThat(Castore.run("ingest", "x", "--server", url, "--avg-chunk-size", "512")).isEqualTo(2);
    assertThat(Castore.run("stats", "--server", url)).isEqualTo(2);
    assertThat(Castore.run("stat", digest, "--server", "castore:8080")).isEqualTo(2);
  }

  @Test
  void shouldSayUnreachableWhenServiceIsNotThere() {
    service.close();
    assertThat(Castore.run("stat", Digest.EMPTY.toHex(), "--server", service.url().toString()))
        .isEqualTo(3);
  }

  private CompletableFuture<IngestOutcome> submit(Path file) throws InterruptedException {
    return ingest.submit(new FileSource(file));
  }

  private static IngestOutcome await(CompletableFuture<IngestOutcome> outcome) throws Exception {
    return outcome.get(1, TimeUnit.MINUTES);
  }

  private static IngestOutcome.Complete complete(CompletableFuture<IngestOutcome> outcome)
      throws Exception {
    IngestOutcome how = await(outcome);
    assertThat(how).isInstanceOf(IngestOutcome.Complete.class);
    return (IngestOutcome.Complete) how;
  }

  private Path file(String name, int length) {
    return write(directory.resolve(name), length);
  }

  private static Path write(Path file, int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    try {
      return Files.write(file, content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Gives other bytes at each of so many readings, and says that it has not changed. */
  private static final class Restless implements Source {
    private final int changes;
    private int opened;

    Restless(int changes) {
      this.changes = changes;
    }

    @Override
    public String name() {
      return "file:///restless";
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[] {(byte) Math.min(opened++, changes)});
    }

    @Override
    public void checkContent(Digest digest, long bytesRead) {}

    @Override
    public boolean canReadAgain() {
      return true;
    }
  }
}
