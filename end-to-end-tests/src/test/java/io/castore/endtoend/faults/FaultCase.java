package io.castore.endtoend.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/** What goes wrong in the rounds of a case. Its text is its name on the command line. */
enum FaultCase {
  /** Nothing. Measures how long a round lasts, and shows that the checks hold then. */
  UNDISTURBED(Rule.CALM),

  /** The same, on a small disk. */
  UNDISTURBED_DISK(Rule.CALM) {
    @Override
    Layout layout() {
      return Layout.smallDisk();
    }
  },

  /** kill -9 of the chunker. */
  CHUNKER_KILL(Rule.WHILE_STORING) {
    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 2, 4, r -> Blows.kill(c -> c.chunker(0), seconds(r, 0, 2)));
    }
  },

  /** kill -9 of the index-writer. */
  INDEXER_KILL(Rule.WHILE_INGESTING) {
    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 2, 4, r -> Blows.kill(Cluster::indexer, seconds(r, 0, 2)));
    }
  },

  /** kill -9 of the producer; the same is then ingested again. */
  PRODUCER_KILL(Rule.WHILE_INGESTING) {
    @Override
    Layout layout() {
      return Layout.s3().with("upload.expiry.ms", "30000");
    }

    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 1, 3, r -> Blows.killIngest());
    }
  },

  /** kill -9 of the broker. */
  BROKER_KILL(Rule.WHILE_INGESTING) {
    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 2, 3, r -> Blows.kill(Cluster::broker, seconds(r, 0, 2)));
    }
  },

  /** kill -9 of the S3 server. */
  S3_KILL(Rule.WHILE_STORING) {
    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 2, 4, r -> Blows.kill(c -> c.s3().server(), seconds(r, 0, 3)));
    }
  },

  /** Two chunkers, one of which is killed and stays down until long after it was given up. */
  TWO_CHUNKERS_ONE_KILLED(Rule.WHILE_STORING) {
    @Override
    Layout layout() {
      return Layout.s3().withChunkers(2);
    }

    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(
          random,
          expected,
          1,
          2,
          r -> {
            int one = r.nextInt(2);
            return Blows.kill(c -> c.chunker(one), seconds(r, 0, 20));
          });
    }
  },

  /** The store is cut off for longer than a commit waits for it. */
  STORE_CUT(Rule.WHILE_STORING) {
    @Override
    Layout layout() {
      return Layout.s3()
          .with("store.s3.attempts", "2")
          .with("store.s3.attempt.timeout.ms", "1000")
          .with("store.check.interval.ms", "1000")
          .with("chunker.drain.timeout.ms", "5000");
    }

    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(
          random,
          expected,
          1,
          2,
          r ->
              Blows.cut(
                  r.nextBoolean() ? TcpProxy.Mode.REFUSING : TcpProxy.Mode.SILENT,
                  seconds(r, 10, 16)));
    }
  },

  /** The store answers 503 to 20 % of PUTs and delays 10 %. */
  STORE_503(Rule.FAILING_PUTS) {
    @Override
    Layout layout() {
      return Layout.s3().withFailingPuts(20, 10);
    }
  },

  /** The disk of the store is full for some time. */
  DISK_FULL(Rule.WHILE_INGESTING) {
    @Override
    Layout layout() {
      return Layout.smallDisk();
    }

    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 1, 2, r -> Blows.fillDisk(seconds(r, 3, 10)));
    }
  },

  /** SIGTERM to chunker and index-writer. */
  SIGTERM(Rule.WHILE_INGESTING) {
    @Override
    List<Strike> plan(Random random, Duration expected) {
      return some(random, expected, 1, 3, r -> Blows.terminate());
    }
  },

  /** Nothing, but that many files of the same content are ingested at once. */
  SAME_CONTENT(Rule.CALM) {
    @Override
    Layout layout() {
      return Layout.s3().with("ingest.readers", "200");
    }
  };

  private final Rule rule;

  FaultCase(Rule rule) {
    this.rule = rule;
  }

  /** When a strike counts. */
  enum Rule {
    /** There are none, and none is needed. */
    CALM,
    /** If an ingest was at work. */
    WHILE_INGESTING,
    /** If there were chunks yet to be stored. */
    WHILE_STORING,
    /** Every PUT that fails is one. */
    FAILING_PUTS
  }

  /**
   * Chooses what happens.
   *
   * @param expected what the moments are spread over, from the first chunk in the store on
   */
  List<Strike> plan(Random random, Duration expected) {
    return List.of();
  }

  /** What it runs on. */
  Layout layout() {
    return Layout.s3();
  }

  Rule rule() {
    return rule;
  }

  /** The case that tells how long this one is expected to last. */
  FaultCase calm() {
    return layout().onSmallDisk() ? UNDISTURBED_DISK : UNDISTURBED;
  }

  /** What its moments are spread over, where a round of {@link #calm} was like this one. */
  Duration expected(RoundResult undisturbed) {
    return Duration.ofMillis(
        rule == Rule.WHILE_STORING ? undisturbed.storingMillis() : undisturbed.ingestMillis());
  }

  /** Whether uploads may end otherwise than complete. */
  boolean leavesUploadsBehind() {
    return this == PRODUCER_KILL;
  }

  private static List<Strike> some(
      Random random, Duration expected, int least, int most, Function<Random, Strike.Blow> blows) {
    int count = least + random.nextInt(most - least + 1);
    List<Strike> strikes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      strikes.add(
          new Strike(
              Duration.ofMillis((long) (random.nextDouble() * expected.toMillis())),
              blows.apply(random)));
    }
    strikes.sort(Comparator.comparing(Strike::at));
    return strikes;
  }

  private static Duration seconds(Random random, int least, int most) {
    return Duration.ofMillis(least * 1000L + random.nextInt((most - least) * 1000));
  }

  /** Finds a case by its name on the command line. */
  static FaultCase parse(String name) {
    return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
