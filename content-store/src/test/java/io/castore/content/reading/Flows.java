package io.castore.content.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.layout.ChunkList;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes what flows give. */
final class Flows {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Flows() {}

  static ReadLimits limits(long memory, int readAhead) {
    return new ReadLimits(1 << 20, 1 << 20, memory, readAhead, 4, PATIENCE);
  }

  /** Gives what a future has in the end; a failure is thrown as itself. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Takes the next piece's bytes, or none at the end. */
  static Optional<byte[]> next(BlobFlow flow) throws Exception {
    return get(flow.next()).map(Flows::bytes);
  }

  static byte[] bytes(ByteBuffer piece) {
    assertThat(piece.isReadOnly()).isTrue();
    assertThat(piece.hasRemaining()).isTrue();
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return bytes;
  }

  /** Takes all pieces. */
  static byte[] all(BlobFlow flow) throws Exception {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Optional<byte[]> piece = next(flow); piece.isPresent(); piece = next(flow)) {
      content.writeBytes(piece.get());
    }
    return content.toByteArray();
  }

  static byte[] all(CachedBlobs blobs, ChunkList blob) throws Exception {
    try (BlobFlow flow = blobs.open(blob, 0, blob.size())) {
      return all(flow);
    }
  }
}
