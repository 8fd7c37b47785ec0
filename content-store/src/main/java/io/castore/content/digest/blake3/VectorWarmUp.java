package io.castore.content.digest.blake3;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile the vector hasher, once a process has hashed enough to make it likely that
 * there is much more to come: hashes made-up nodes with it, on a thread of its own, until it beats
 * the lanes. Gives up after some seconds, as where a JVM does not compile at all.
 */
final class VectorWarmUp {
  /** Some 50 ms of hashing in lanes: 64 MiB. */
  private static final long NODES_BEFORE = 64 * 1024;

  /** Fewer nodes than these are hashed hardly any faster with vectors: those of small files. */
  private static final int FEWEST_SIDE_BY_SIDE = 16;

  private static final int WINS_IN_A_ROW = 3;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Logger log = LoggerFactory.getLogger(VectorWarmUp.class);

  private static final AtomicLong hashed = new AtomicLong();
  private static volatile boolean ended;
  private static volatile boolean done;

  private VectorWarmUp() {}

  /**
   * Counts nodes that are about to be hashed, where vectors help with so many at once, and tells
   * whether the vector hasher is ready.
   */
  static boolean isDone(NodeHasherProvider provider, int count) {
    if (done) {
      return true;
    }
    if (count < FEWEST_SIDE_BY_SIDE) {
      return false;
    }
    long before = hashed.getAndAdd(count);
    if (before < NODES_BEFORE && before + count >= NODES_BEFORE) {
      Thread thread = new Thread(() -> run(provider), "blake3-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
    return false;
  }

  /** Tells whether there is nothing more to wait for: the vector hasher is ready, or given up. */
  static boolean hasEnded() {
    return ended;
  }

  private static void run(NodeHasherProvider provider) {
    byte[] nodes = new byte[NodeTree.MOST_LEAVES_AT_ONCE * Nodes.LEAF_LENGTH];
    new Random(0).nextBytes(nodes);
    NodeHasher vector = provider.create();
    NodeHasher lanes = new LaneHasher();
    long start = System.nanoTime();
    int wins = 0;
    while (wins < WINS_IN_A_ROW && System.nanoTime() - start < LONGEST_NANOS) {
      long vectorNanos = nanosToHash(vector, nodes);
      wins = vectorNanos < nanosToHash(lanes, nodes) ? wins + 1 : 0;
    }
    done = wins == WINS_IN_A_ROW;
    ended = true;
    log.debug(
        "BLAKE3 with vector instructions is {} after {} ms",
        done ? "compiled" : "still not quicker, and not used",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  private static long nanosToHash(NodeHasher hasher, byte[] nodes) {
    byte[] values = new byte[NodeTree.MOST_LEAVES_AT_ONCE * Nodes.VALUE_LENGTH];
    long start = System.nanoTime();
    hasher.hash(NodeKind.LEAF, nodes, 0, NodeTree.MOST_LEAVES_AT_ONCE, 0, values, 0);
    hasher.hash(NodeKind.PARENT, values, 0, NodeTree.MOST_LEAVES_AT_ONCE / 2, 0, values, 0);
    return System.nanoTime() - start;
  }
}
