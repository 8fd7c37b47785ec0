package io.castore.query.http;

import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.reading.BlobFlow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A chunk list as JSON, some entries at a time, since there can be millions. The same object as the
 * command's {@code stat --json} prints.
 */
final class ChunkListText implements BlobFlow {
  private static final int ENTRIES_AT_A_TIME = 512;

  private final ChunkList blob;
  private int next;
  private boolean ended;

  ChunkListText(ChunkList blob) {
    this.blob = blob;
  }

  @Override
  public CompletableFuture<Optional<ByteBuffer>> next() {
    return CompletableFuture.completedFuture(ended ? Optional.empty() : Optional.of(piece()));
  }

  /** Gives the next piece. There always is a first one. */
  ByteBuffer piece() {
    StringBuilder text = new StringBuilder();
    if (next == 0) {
      text.append("{\"digest\":\"")
          .append(blob.blob())
          .append("\",\"size\":")
          .append(blob.size())
          .append(",\"chunks\":[");
    }
    int end = Math.min(next + ENTRIES_AT_A_TIME, blob.count());
    for (; next < end; next++) {
      ChunkRef chunk = blob.get(next);
      text.append(next == 0 ? "" : ",")
          .append("{\"digest\":\"")
          .append(chunk.digest())
          .append("\",\"offset\":")
          .append(blob.offset(next))
          .append(",\"size\":")
          .append(chunk.size())
          .append('}');
    }
    if (next == blob.count()) {
      ended = true;
      text.append("]}");
    }
    return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    ended = true;
  }
}
