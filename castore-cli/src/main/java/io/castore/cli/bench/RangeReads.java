package io.castore.cli.bench;

import io.castore.cli.listing.ListedLine;
import io.castore.cli.listing.RestoreItem;
import io.castore.cli.listing.RestoreList;
import io.castore.content.digest.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Reads parts of files over HTTP, one after the other on one connection, at places that are as
 * likely as any other byte's.
 *
 * <p>Not thread-safe.
 */
final class RangeReads {
  private static final int RANGE_BYTES = 64 << 10;
  private static final int MOST_REQUESTS = 5000;
  private static final int UNCOUNTED = 200;
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);

  private final List<Blob> blobs;
  private final long[] ends;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random = new Random(1);
  private final long[] nanos = new long[MOST_REQUESTS];
  private int requests;
  private long bytes;

  private record Blob(Digest digest, long bytes) {}

  private RangeReads(List<Blob> blobs) {
    this.blobs = blobs;
    ends = new long[blobs.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += blobs.get(i).bytes();
      ends[i] = end;
    }
  }

  /**
   * Chooses among the files of a list.
   *
   * @param list what an ingest of the corpus printed
   */
  static RangeReads of(Corpus corpus, Path list) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    for (Corpus.File file : corpus.files()) {
      sizes.put(corpus.directory().relativize(file.path()).toString(), file.bytes());
    }
    List<Blob> blobs = new ArrayList<>();
    try (RestoreList lines = new RestoreList(Files.newInputStream(list))) {
      Optional<ListedLine<RestoreItem>> line = lines.next();
      while (line.isPresent()) {
        if (line.get() instanceof ListedLine.Good<RestoreItem> good) {
          long size = sizes.getOrDefault(good.value().path(), 0L);
          blobs.add(new Blob(good.value().digest(), size));
        }
        line = lines.next();
      }
    }
    blobs.removeIf(blob -> blob.bytes() == 0);
    if (blobs.isEmpty()) {
      throw new IOException(list + ": no file to read (expected: what ingest printed)");
    }
    return new RangeReads(blobs);
  }

  /** Reads some that do not count, so that neither side is new to it. */
  void warmUp(URI server) throws IOException, InterruptedException {
    for (int i = 0; i < UNCOUNTED; i++) {
      read(server);
    }
  }

  /** Reads for some seconds. */
  void run(URI server) throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (requests < MOST_REQUESTS && System.nanoTime() < end) {
      long start = System.nanoTime();
      bytes += read(server);
      nanos[requests] = System.nanoTime() - start;
      requests++;
    }
  }

  private long read(URI server) throws IOException, InterruptedException {
    long at = (long) (random.nextDouble() * ends[ends.length - 1]);
    int found = Arrays.binarySearch(ends, at + 1);
    Blob blob = blobs.get(found < 0 ? -found - 1 : found);
    long start = Math.max(0, Math.min(at % blob.bytes(), blob.bytes() - RANGE_BYTES));
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(server.resolve("/blobs/" + blob.digest().toHex()))
                .header("Range", "bytes=%d-%d".formatted(start, start + RANGE_BYTES - 1))
                .timeout(TO_ANSWER)
                .build(),
            BodyHandlers.ofByteArray());
    if (answer.statusCode() != 206) {
      throw new IOException(
          "range of %s: status %d (expected: 206)".formatted(blob.digest(), answer.statusCode()));
    }
    return answer.body().length;
  }

  int requests() {
    return requests;
  }

  long bytes() {
    return bytes;
  }

  /** Adds how many there were in a second, and how long one took. */
  void tell(Figures figures) {
    long[] sorted = Arrays.copyOf(nanos, requests);
    Arrays.sort(sorted);
    figures.put("range_requests", requests);
    figures.put("requests_per_second", requests / figures.get("wall_seconds"));
    figures.put("p50_milliseconds", sorted[requests / 2] / 1e6);
    figures.put("p99_milliseconds", sorted[(int) (requests * 0.99)] / 1e6);
  }
}
