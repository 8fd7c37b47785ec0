package io.castore.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnsafeByteOperations;
import io.castore.cli.files.ContentCheck;
import io.castore.cli.files.Found;
import io.castore.cli.files.SourceTree;
import io.castore.cli.listing.ManifestEntry;
import io.castore.cli.listing.ManifestWriter;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.Source;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that seem to be unchanged and are read all the same. */
final class CheckedIngestTest {
  @TempDir private Path directory;

  @Test
  void shouldIngestThoseWhoseContentIsAnotherAndTellOfAllInOrder() throws Exception {
    Remembering ingest = new Remembering();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      String name = "file-%03d".formatted(i);
      names.add(name);
      Path file = Files.writeString(directory.resolve(name), "content of " + name);
      if (i % 5 != 0) {
        ingest.remember(file, i % 7 == 0 ? "xontent of " + name : "content of " + name);
      }
    }

    List<ManifestEntry> entries = ingestChecked(ingest);

    assertThat(entries)
        .extracting(entry -> Path.of(entry.path()).getFileName().toString())
        .containsExactlyElementsOf(names);
    assertThat(entries)
        .allSatisfy(
            entry ->
                assertThat(entry.digest())
                    .isEqualTo(Blake3.hash(Files.readAllBytes(Path.of(entry.path())))));
    for (int i = 0; i < 600; i++) {
      boolean same = i % 5 != 0 && i % 7 != 0;
      assertThat(entries.get(i).unchanged()).as(names.get(i)).isEqualTo(same);
      assertThat(ingest.submitted.contains(names.get(i))).as(names.get(i)).isEqualTo(!same);
    }
  }

  private List<ManifestEntry> ingestChecked(FileIngest ingest) throws Exception {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (ContentCheck check = new ContentCheck();
        ManifestWriter manifest = new ManifestWriter(lines)) {
      IngestRun run =
          new IngestRun(
              ingest,
              SourceTree.leavingOut(),
              new Output(OutputStream.nullOutputStream(), System.err),
              false,
              manifest,
              check,
              () -> false);
      assertThat(run.ingest(List.of(directory.toString()))).isTrue();
    }
    List<ManifestEntry> entries = new ArrayList<>();
    for (String line : lines.toString(StandardCharsets.UTF_8).lines().toList()) {
      entries.add(ManifestEntry.parse(line));
    }
    return entries;
  }

  /** Knows of some files what was ingested of them, and takes every other one. */
  private static final class Remembering implements FileIngest {
    private int timesAsked;
    private final Map<Path, SourceEntry> known = new HashMap<>();
    private final List<String> submitted = new ArrayList<>();

    void remember(Path file, String content) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      known.put(
          file,
          SourceEntry.newBuilder()
              .setSize(bytes.length)
              .setChunkCount(1)
              .setUploadId(UnsafeByteOperations.unsafeWrap(UploadId.random().toBytes()))
              .setBlobDigest(UnsafeByteOperations.unsafeWrap(Blake3.hash(bytes).toBytes()))
              .build());
    }

    @Override
    public synchronized CompletableFuture<IngestOutcome> submit(Source source) {
      submitted.add(source.name().substring(source.name().lastIndexOf('/') + 1));
      try (InputStream in = source.open()) {
        byte[] content = in.readAllBytes();
        Digest digest = Blake3.hash(content);
        return CompletableFuture.completedFuture(
            new IngestOutcome.Complete(
                UploadId.random(), digest, content.length, 1, 1, content.length));
      } catch (IOException unreadable) {
        throw new IllegalStateException(unreadable);
      }
    }

    /** As where it has to be read first, while the walk goes on. */
    @Override
    public boolean knowsUnchanged() {
      return ++timesAsked > 2;
    }

    @Override
    public Optional<SourceEntry> findUnchanged(Found.RegularFile file) {
      return Optional.ofNullable(known.get(file.path()));
    }

    @Override
    public IngestProgress progress() {
      return IngestProgress.NONE;
    }

    @Override
    public List<Path> ownDirectories() {
      return List.of();
    }

    @Override
    public void abortAll(String reason) {
      throw new IllegalStateException("not expected: " + reason);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
