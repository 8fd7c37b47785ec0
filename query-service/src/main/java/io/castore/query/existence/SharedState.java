package io.castore.query.existence;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.KnownChunks;
import io.castore.pipeline.known.StoredChunks;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from this process's part of the deduplication state, on the thread that asks, and has the
 * owners of the other parts answer for these. An owner that does not answer knows of nothing.
 *
 * <p>Safe for use by many threads.
 */
final class SharedState implements KnownChunks {
  private static final Logger log = LoggerFactory.getLogger(SharedState.class);

  private final StoredChunks here;
  private final Peers peers;
  private final String scheme;

  /**
   * Shares the work with others.
   *
   * @param scheme how all of them are reached, since they know of each other hosts and ports alone:
   *     {@code http} or {@code https}
   */
  SharedState(StoredChunks here, Peers peers, String scheme) {
    this.here = here;
    this.peers = peers;
    this.scheme = scheme;
  }

  @Override
  public CompletableFuture<List<Digest>> findMissing(List<Digest> digests, Reach reach) {
    List<Digest> distinct = digests.stream().distinct().toList();
    StoredChunks.Found found = here.find(distinct);
    if (reach == Reach.THIS_PROCESS || found.elsewhere().isEmpty()) {
      return CompletableFuture.completedFuture(without(distinct, found.here()));
    }
    List<CompletableFuture<Set<Digest>>> answers = new ArrayList<>();
    found.elsewhere().forEach((owner, theirs) -> answers.add(known(owner, theirs)));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              Set<Digest> known = new HashSet<>(found.here());
              answers.forEach(answer -> known.addAll(answer.join()));
              return without(distinct, known);
            });
  }

  /** Asks an owner what it knows of; never fails. */
  private CompletableFuture<Set<Digest>> known(InetSocketAddress owner, List<Digest> digests) {
    return peers
        .findMissing(endpoint(owner), digests, Peers.Question.OF_ITS_PART)
        .handle(
            (missing, failure) -> {
              if (failure != null) {
                log.debug("{} is not asked what is stored: {}", owner, failure.toString());
                return Set.of();
              }
              Set<Digest> known = new HashSet<>(digests);
              missing.forEach(known::remove);
              return known;
            });
  }

  private URI endpoint(InetSocketAddress owner) {
    try {
      return new URI(scheme, null, owner.getHostString(), owner.getPort(), "/", null, null);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(
          "owner: " + owner + " (expected: a host and a port)", impossible);
    }
  }

  private static List<Digest> without(List<Digest> digests, Set<Digest> known) {
    return digests.stream().filter(digest -> !known.contains(digest)).toList();
  }
}
