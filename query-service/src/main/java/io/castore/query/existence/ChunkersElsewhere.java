package io.castore.query.existence;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import java.net.URI;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a chunker answer, for a process that has no part of the deduplication state: one after the
 * other is asked, until one answers.
 *
 * <p>Safe for use by many threads.
 */
final class ChunkersElsewhere implements KnownChunks {
  private static final Logger log = LoggerFactory.getLogger(ChunkersElsewhere.class);

  /** More would be a long wait for nothing. */
  private static final int MOST_ASKED = 3;

  private final Supplier<List<URI>> endpoints;
  private final Peers peers;

  /**
   * Asks through others.
   *
   * @param endpoints where chunkers are reached now
   */
  ChunkersElsewhere(Supplier<List<URI>> endpoints, Peers peers) {
    this.endpoints = endpoints;
    this.peers = peers;
  }

  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    List<Digest> distinct = digests.stream().distinct().toList();
    return reach == Reach.THIS_PROCESS
        ? CompletableFuture.completedFuture(distinct)
        : ask(endpoints.get().stream().limit(MOST_ASKED).iterator(), distinct);
  }

  private CompletableFuture<List<Digest>> ask(Iterator<URI> left, List<Digest> digests) {
    if (!left.hasNext()) {
      return CompletableFuture.failedFuture(
          new NobodyAnswersException("no chunker is known that answers"));
    }
    URI endpoint = left.next();
    return peers
        .findMissing(endpoint, digests, Peers.Question.OF_THE_WHOLE)
        .thenApply(missing -> inOrder(digests, missing))
        .exceptionallyCompose(
            failure -> {
              log.debug("{} is not asked what is stored: {}", endpoint, failure.toString());
              return ask(left, digests);
            });
  }

  private static List<Digest> inOrder(List<Digest> digests, List<Digest> missing) {
    Set<Digest> set = new HashSet<>(missing);
    return digests.stream().filter(set::contains).toList();
  }
}
