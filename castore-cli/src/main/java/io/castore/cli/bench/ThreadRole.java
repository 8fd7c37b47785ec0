package io.castore.cli.bench;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a thread works for, by the beginning of its name, of which Linux keeps 15 characters. Names
 * of the embedded broker's threads have its node's number.
 */
enum ThreadRole {
  /** Reads files, splits, hashes and compresses them; or restores them; or reads ranges. */
  CLIENT("source-reader", "chunk-helper", "upload-seals", "ingest-", "count", "restore", "main"),
  /** The embedded broker. */
  BROKER(
      "data-plane-kafk",
      "kafka-scheduler",
      "kafka-log-clean",
      "kafka-1-",
      "raft-",
      "quorum-",
      "broker-",
      "controller-",
      "group-",
      "share-",
      "executor-",
      "transaction-",
      "persister-",
      "PersisterState",
      "TxnMarker",
      "AddPartitions",
      "ExpirationReape",
      "LogDirFailure",
      "SensorExpiry",
      "client-metrics-"),
  /** The topology that verifies and deduplicates chunks. */
  CHUNKER("castore.chunker", "chunker-"),
  /** The topology that gathers and publishes uploads. */
  INDEX("castore.indexer"),
  /** Requests to the store. */
  STORE("chunk-put-", "indexer-store-", "OkHttp", "Okio", "store-"),
  /** Answers over HTTP and gRPC, and what is known of uploads. */
  QUERY("armeria", "castore.uploads", "castore-server", "castore: read", "read-"),
  /** Senders and fetchers of Kafka's clients, of whatever role. */
  KAFKA("kafka-producer-", "kafka-consumer-", "kafka-admin-", "kafka-coordinat", "pipeline-listen"),
  /** The JIT compilers. */
  JIT("C1 ", "C2 ", "JVMCI"),
  /** The collector, and what the JVM stops its threads for. */
  GC("GC ", "ParGC", "G1 ", "VM Thread"),
  /** Everything else, with threads that came and went unseen. */
  OTHER();

  private final Pattern beginnings;

  ThreadRole(String... prefixes) {
    beginnings =
        Pattern.compile(
            Stream.of(prefixes).map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")")));
  }

  /** Tells the role of a thread in a process that runs the services. */
  static ThreadRole of(String threadName) {
    for (ThreadRole role : values()) {
      if (role.beginnings.matcher(threadName).lookingAt()) {
        return role;
      }
    }
    return OTHER;
  }

  /** Tells it of a thread in a process that is a client and nothing else. */
  static ThreadRole ofClient(String threadName) {
    ThreadRole role = of(threadName);
    return role == JIT || role == GC ? role : CLIENT;
  }

  /** Tells it of a thread in a process that is a client, and runs what it needs of the system. */
  static ThreadRole ofAll(String threadName) {
    ThreadRole role = of(threadName);
    // The thread of main has the name of the program.
    return role == QUERY || (role == OTHER && threadName.equals("java")) ? CLIENT : role;
  }

  /** Its name in reports. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
