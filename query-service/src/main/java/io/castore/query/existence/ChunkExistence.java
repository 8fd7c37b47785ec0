package io.castore.query.existence;

import com.linecorp.armeria.server.ServerBuilder;
import io.castore.content.digest.Digest;
import io.castore.pipeline.cluster.ChunkerEndpoints;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.StoredChunks;
import io.castore.query.ServicePart;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which of many chunks are known, for callers of the server ({@code POST /chunks/missing} and
 * {@code castore.query.v1.ChunkService}) and for this process. Answered from the deduplication
 * state of all chunkers together: a chunker answers for its own part and asks the others for
 * theirs; another process has a chunker answer.
 *
 * <p>Safe for use by many threads. In a chunker, a question takes some ten microseconds for each
 * digest on the thread that asks.
 */
public final class ChunkExistence implements ServicePart, KnownChunks, AutoCloseable {
  private final String storeId;
  private final Peers peers;
  private final ChunkerEndpoints endpoints;
  private final KnownChunks elsewhere;
  private volatile @Nullable KnownChunks shared;

  private ChunkExistence(CastoreConfig config, String storeId) {
    this.storeId = storeId;
    peers = new Peers(storeId, config.client());
    endpoints = ChunkerEndpoints.watch(config);
    elsewhere = new ChunkersElsewhere(endpoints::now, peers);
  }

  /**
   * Begins to look for chunkers. The topics have to exist.
   *
   * @param storeId identity of the store that all this is about
   */
  public static ChunkExistence open(CastoreConfig config, String storeId) {
    return new ChunkExistence(config, storeId);
  }

  /**
   * Answers from this process's part of the state from now on: it is a chunker. Called once.
   *
   * @param endpoint where this process is reached; the other chunkers are reached with its scheme
   */
  public void answerFrom(StoredChunks here, URI endpoint) {
    shared = new SharedState(here, peers, endpoint.getScheme());
    endpoints.close();
  }

  /** Tells whether this process has a part of the state. */
  boolean hasState() {
    return shared != null;
  }

  String storeId() {
    return storeId;
  }

  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    if (digests.size() > MOST_AT_ONCE) {
      return CompletableFuture.failedFuture(new IllegalArgumentException(tooMany(digests.size())));
    }
    KnownChunks known = shared;
    return (known == null ? elsewhere : known).findMissing(digests, reach);
  }

  /**
   * Answers a question about a store.
   *
   * @param about identity of the store; empty for this one. Of another one no digest is known
   */
  CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach, String about) {
    return about.isEmpty() || about.equals(storeId)
        ? findMissing(digests, reach)
        : CompletableFuture.completedFuture(digests.stream().distinct().toList());
  }

  static String tooMany(int digests) {
    return "digests: %d (expected: at most %d)".formatted(digests, MOST_AT_ONCE);
  }

  @Override
  public void addTo(ServerBuilder server) {
    new MissingChunksPart(this).addTo(server);
    new ChunkRpcPart(this).addTo(server);
  }

  /** Ends the questions that are on their way. Takes some seconds at most. */
  @Override
  public void close() {
    endpoints.close();
    peers.close();
  }
}
