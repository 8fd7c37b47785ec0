package io.castore.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Kafka's properties for one broker that is alone, on one machine, for one application. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String BROKER_LISTENER = "BROKER";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final int MAX_RECORD_BATCH_BYTES = 9 << 20;
  private static final int MAX_REQUEST_BYTES = 32 << 20;
  private static final int MAX_QUEUED_REQUEST_BYTES = 64 << 20;
  private static final int DEFAULT_SEGMENT_BYTES = 64 << 20;
  private static final int INDEX_BYTES = 1 << 20;
  private static final int CLEANER_BYTES = 4 << 20;
  private static final Duration OFFSET_RETENTION = Duration.ofDays(3650);
  private static final Duration FIRST_CLEANUP = Duration.ofSeconds(2);
  private static final Duration CLEANUP_INTERVAL = Duration.ofSeconds(10);
  private static final Duration DELETE_DELAY = Duration.ofSeconds(1);

  private BrokerSettings() {}

  static Map<String, String> of(Path logs, LoopbackSockets sockets, BrokerOptions options) {
    Map<String, String> settings = new TreeMap<>();
    putIdentity(settings, logs, sockets);
    putMetadataQuorum(settings, options);
    putTopicDefaults(settings);
    putGroups(settings);
    putSizes(settings);
    putCleanup(settings);
    putThreads(settings);
    settings.putAll(options.properties());
    return settings;
  }

  private static void putIdentity(Map<String, String> to, Path logs, LoopbackSockets sockets) {
    String broker = address(BROKER_LISTENER, sockets.brokerPort());
    String controller = address(CONTROLLER_LISTENER, sockets.controllerPort());
    to.put("process.roles", "broker,controller");
    to.put("node.id", Integer.toString(NODE_ID));
    to.put("log.dirs", logs.toString());
    to.put("listeners", broker + "," + controller);
    to.put("advertised.listeners", broker);
    to.put(
        "listener.security.protocol.map",
        BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    to.put("inter.broker.listener.name", BROKER_LISTENER);
    to.put("controller.listener.names", CONTROLLER_LISTENER);
    // The static form. The newer, dynamic one writes the voter's port into the data, and a start
    // with other ports would then wait for ever for a voter that is itself.
    to.put(
        "controller.quorum.voters",
        NODE_ID + "@" + LoopbackSockets.HOST + ":" + sockets.controllerPort());
  }

  private static void putMetadataQuorum(Map<String, String> to, BrokerOptions options) {
    to.put("server.max.startup.time.ms", Long.toString(options.startTimeout().toMillis()));
    // A start writes metadata in several steps, each after the last one; waiting for more to write
    // at the same time is worth nothing with one writer.
    to.put("controller.quorum.append.linger.ms", "0");
    // No record every half a second, with a sync of the disk each, to show followers that the
    // leader lives: there are no followers.
    to.put("metadata.max.idle.interval.ms", "0");
    to.put("auto.leader.rebalance.enable", "false");
    // Hands leadership to other brokers before a stop. There are none, and it would write two
    // metadata records for every partition at every restart.
    to.put("controlled.shutdown.enable", "false");
    // Nobody reads this broker's metrics over JMX; several hundred beans take their time to
    // register.
    to.put("metric.reporters", "");
    to.put("metrics.jmx.exclude", ".*");
  }

  private static void putTopicDefaults(Map<String, String> to) {
    // A topic that is created by a typing error, with the wrong settings, is worse than an error.
    to.put("auto.create.topics.enable", "false");
    to.put("num.partitions", "1");
    to.put("default.replication.factor", "1");
    to.put("min.insync.replicas", "1");
    // Each topic says for itself when its data may go; what does not say so is kept.
    to.put("log.retention.ms", "-1");
    to.put("log.retention.bytes", "-1");
    // Whatever the producer chose: nothing is compressed twice.
    to.put("compression.type", "producer");
    for (String topic : new String[] {"offsets.topic", "share.coordinator.state.topic"}) {
      to.put(topic + ".num.partitions", "1");
      to.put(topic + ".replication.factor", "1");
    }
    to.put("share.coordinator.state.topic.min.isr", "1");
    to.put("transaction.state.log.num.partitions", "1");
    to.put("transaction.state.log.replication.factor", "1");
    to.put("transaction.state.log.min.isr", "1");
  }

  private static void putGroups(Map<String, String> to) {
    // Waits for more members to come before it deals out partitions: a fixed delay of 3 seconds for
    // a group that mostly has one member.
    to.put("group.initial.rebalance.delay.ms", "0");
    // A command that was killed must not keep the next one waiting: clients may ask for sessions
    // this short.
    to.put("group.min.session.timeout.ms", "1000");
    // A command that runs once in a few weeks must find the offsets that it committed.
    to.put("offsets.retention.minutes", Long.toString(OFFSET_RETENTION.toMinutes()));
  }

  private static void putSizes(Map<String, String> to) {
    // Records of 8 MiB with their keys and headers. What a fetch may return (fetch.max.bytes, 55
    // MiB) is above it by default.
    to.put("message.max.bytes", Integer.toString(MAX_RECORD_BATCH_BYTES));
    to.put("replica.fetch.max.bytes", Integer.toString(MAX_RECORD_BATCH_BYTES));
    // Together these bound the heap that requests hold: by default 500 requests of 100 MiB may
    // wait.
    to.put("socket.request.max.bytes", Integer.toString(MAX_REQUEST_BYTES));
    to.put("queued.max.request.bytes", Integer.toString(MAX_QUEUED_REQUEST_BYTES));
    // After a crash the last segment of every partition is read again; and space comes back by
    // whole segments.
    to.put("log.segment.bytes", Integer.toString(DEFAULT_SEGMENT_BYTES));
    // Two index files of this length are made with every segment, sparse, and mapped into memory.
    // Enough for segments of 350 MiB with the smallest records, and far more with chunks.
    to.put("log.index.size.max.bytes", Integer.toString(INDEX_BYTES));
    // 128 MiB by default, taken from the heap at the start.
    to.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BYTES));
  }

  private static void putCleanup(Map<String, String> to) {
    // Segments whose records were deleted go at once, rather than in 6 minutes: the disk may be
    // small, and a command that runs for some seconds has to clean up, too.
    to.put("log.initial.task.delay.ms", Long.toString(FIRST_CLEANUP.toMillis()));
    to.put("log.retention.check.interval.ms", Long.toString(CLEANUP_INTERVAL.toMillis()));
    to.put("log.segment.delete.delay.ms", Long.toString(DELETE_DELAY.toMillis()));
  }

  private static void putThreads(Map<String, String> to) {
    // For two cores. The broker and the controller have network and io threads of their own, as
    // many each.
    to.put("num.network.threads", "2");
    to.put("num.io.threads", "2");
    to.put("background.threads", "2");
    to.put("num.recovery.threads.per.data.dir", "2");
    to.put("group.coordinator.threads", "1");
    to.put("share.coordinator.threads", "1");
  }

  private static String address(String listener, int port) {
    return listener + "://" + LoopbackSockets.HOST + ":" + port;
  }
}
