package io.castore.benchmarks.query;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.castore.benchmarks.report.Samples;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectReader;
import io.castore.proto.castore.BlobChunk;
import io.castore.proto.castore.BlobServiceGrpc.BlobServiceBlockingStub;
import io.castore.proto.castore.BlobServiceGrpc.BlobServiceStub;
import io.castore.proto.castore.ReadBlobRequest;
import io.castore.proto.castore.StatBlobRequest;
import io.castore.proto.castore.StatBlobResponse;
import io.grpc.stub.StreamObserver;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the table. Each round measures all of them, one after another, so that what changes
 * on the machine changes for all.
 */
final class Comparison {
  private static final int RANGE_BYTES = 64 << 10;
  private static final int AT_A_TIME = 32;

  /** As many more requests where they do not wait for each other. */
  private static final int MANY = 4;

  private static final long SEED = 5;

  private final ObjectReader store;
  private final ChunkList blob;
  private final int rounds;
  private final int requests;
  private final Floor floor;
  private final Map<String, List<Double>> megabytesPerSecond = new LinkedHashMap<>();
  private final Map<String, List<Latencies>> latencies = new LinkedHashMap<>();
  private final Map<String, List<Double>> perSecond = new LinkedHashMap<>();

  Comparison(ObjectReader store, ChunkList blob, int rounds, int requests) {
    this.store = store;
    this.blob = blob;
    this.rounds = rounds;
    this.requests = requests;
    floor = new Floor(store, blob);
  }

  void print(PrintStream out) throws Exception {
    // The first round warms the JVM up, and does not count.
    for (int round = 0; round <= rounds; round++) {
      if (round == 1) {
        List.of(megabytesPerSecond, latencies, perSecond).forEach(Map::clear);
      }
      measureFloor();
      measureService();
    }
    out.println("| sequential read of the blob | MB/s | to the floor |");
    out.println("|---|--:|--:|");
    rows(out, megabytesPerSecond);
    out.println();
    out.println("| ranges of 64 KiB, one after another | p50, ms | p99, ms |");
    out.println("|---|--:|--:|");
    latencies.forEach(
        (row, ofRounds) ->
            out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f |%n",
                row,
                medianQuantile(ofRounds, 0.5),
                medianQuantile(ofRounds, 0.99)));
    out.println();
    out.println("| Stat of a chunk | a second | to the floor |");
    out.println("|---|--:|--:|");
    rows(out, perSecond);
  }

  private static void rows(PrintStream out, Map<String, List<Double>> table) {
    double base = new Samples(table.values().iterator().next()).median();
    table.forEach(
        (row, values) -> {
          double median = new Samples(values).median();
          out.printf(Locale.ROOT, "| %s | %.0f | %.2f |%n", row, median, median / base);
        });
  }

  private static double medianQuantile(List<Latencies> ofRounds, double part) {
    return new Samples(ofRounds.stream().map(times -> times.quantileMillis(part)).toList())
        .median();
  }

  private void measureFloor() throws Exception {
    sequential("floor: the GETs, decompressed and hashed", floor::readAll);
    ranges("floor", floor::readRange);
    stats("floor: GET of the blob object, HEAD of the chunk", floor::stat);
  }

  private void measureService() throws Exception {
    // The blob does not fit into this service's cache, so that each read of all of it is cold.
    try (Service cold = Service.start(store, blob.size() / 8)) {
      try (HttpReader http = new HttpReader(cold.url())) {
        sequential("HTTP, cold", () -> http.get(path()));
      }
      sequential("gRPC, cold", () -> readAll(stub(cold.url())));
    }
    try (Service cold = Service.start(store, 0);
        HttpReader http = new HttpReader(cold.url())) {
      ranges("HTTP, cold", (start, length) -> http.get(path(), start, length));
    }
    try (Service cached = Service.start(store, 2 * blob.size());
        HttpReader http = new HttpReader(cached.url())) {
      http.get(path());
      sequential("HTTP, cached", () -> http.get(path()));
      sequential("gRPC, cached", () -> readAll(stub(cached.url())));
      ranges("HTTP, cached", (start, length) -> http.get(path(), start, length));
    }
    try (Service cold = Service.start(store, 0)) {
      BlobServiceBlockingStub stub = stub(cold.url());
      stats("gRPC, one after another", digest -> stub.stat(request(digest)).getChunksCount() == 0);
      manyStats("gRPC, %d at a time".formatted(AT_A_TIME), cold.url());
    }
  }

  private static StatBlobRequest request(Digest digest) {
    return StatBlobRequest.newBuilder()
        .setDigest(UnsafeByteOperations.unsafeWrap(digest.toBytes()))
        .build();
  }

  private void manyStats(String row, URI url) throws Exception {
    BlobServiceStub stub = GrpcClients.newClient("gproto+" + url, BlobServiceStub.class);
    SplittableRandom random = new SplittableRandom(SEED);
    Semaphore room = new Semaphore(AT_A_TIME);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    int count = MANY * requests;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      stub.stat(request(random(random)), new Answer(room, failure));
    }
    room.acquire(AT_A_TIME);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException(row, failure.get());
    }
    add(perSecond, row, count / seconds);
  }

  private Digest random(SplittableRandom random) {
    return blob.get(random.nextInt(blob.count())).digest();
  }

  private record Answer(Semaphore room, AtomicReference<@Nullable Throwable> failure)
      implements StreamObserver<StatBlobResponse> {
    @Override
    public void onNext(StatBlobResponse answer) {}

    @Override
    public void onError(Throwable thrown) {
      failure.set(thrown);
      room.release();
    }

    @Override
    public void onCompleted() {
      room.release();
    }
  }

  private String path() {
    return "/blobs/" + blob.blob();
  }

  private static BlobServiceBlockingStub stub(URI url) {
    return GrpcClients.builder("gproto+" + url)
        .responseTimeoutMillis(0)
        .maxResponseLength(0)
        .build(BlobServiceBlockingStub.class);
  }

  private long readAll(BlobServiceBlockingStub stub) {
    ByteString digest = UnsafeByteOperations.unsafeWrap(blob.blob().toBytes());
    Iterator<BlobChunk> pieces = stub.read(ReadBlobRequest.newBuilder().setDigest(digest).build());
    long bytes = 0;
    while (pieces.hasNext()) {
      bytes += pieces.next().getData().size();
    }
    return bytes;
  }

  @FunctionalInterface
  private interface WholeRead {
    long read() throws Exception;
  }

  @FunctionalInterface
  private interface RangeRead {
    long read(long start, int length) throws Exception;
  }

  @FunctionalInterface
  private interface Lookup {
    boolean isThere(Digest digest) throws Exception;
  }

  private void sequential(String row, WholeRead read) throws Exception {
    long start = System.nanoTime();
    long bytes = read.read();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (bytes != blob.size()) {
      throw new IllegalStateException(row + ": " + bytes + " bytes (expected: the whole blob)");
    }
    add(megabytesPerSecond, row, bytes / 1e6 / seconds);
  }

  private void ranges(String row, RangeRead read) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Latencies times = new Latencies(requests);
    for (int i = 0; i < requests; i++) {
      long start = random.nextLong(blob.size() - RANGE_BYTES);
      times.time(() -> read.read(start, RANGE_BYTES));
    }
    add(latencies, row, times);
  }

  private void stats(String row, Lookup lookup) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Latencies times = new Latencies(requests);
    for (int i = 0; i < requests; i++) {
      Digest digest = random(random);
      times.time(
          () -> {
            if (!lookup.isThere(digest)) {
              throw new IllegalStateException(row + ": no chunk " + digest);
            }
          });
    }
    add(perSecond, row, times.perSecond());
  }

  private static <T> void add(Map<String, List<T>> table, String row, T value) {
    table.computeIfAbsent(row, name -> new ArrayList<>()).add(value);
  }
}
