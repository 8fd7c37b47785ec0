package io.castore.pipeline.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.objectstore.S3Settings;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;

/**
 * Every configuration key: its type, default, limits and meaning. Those of the server, and of who
 * calls it, are {@link ServiceKeys}, those of what feeds the pipeline by itself, and of what clears
 * the store, {@link FeedKeys}.
 */
final class ConfigKeys {
  static final String DATA_DIR = "data.dir";
  static final String STORE_URL = "store.url";
  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  static final String S3_ENDPOINT = "store.s3.endpoint";
  static final String S3_REGION = "store.s3.region";
  static final String S3_ACCESS_KEY = "store.s3.access.key";
  static final String S3_SECRET_KEY = "store.s3.secret.key";
  static final String S3_ATTEMPTS = "store.s3.attempts";
  static final String S3_ATTEMPT_TIMEOUT_MS = "store.s3.attempt.timeout.ms";
  static final String STORE_CHECK_INTERVAL_MS = "store.check.interval.ms";
  static final String TOPICS_PREFIX = "topics.prefix";
  static final String CHUNK_PARTITIONS = "topics.chunks.partitions";
  static final String UPLOAD_PARTITIONS = "topics.uploads.partitions";
  static final String REPLICATION_FACTOR = "topics.replication.factor";
  static final String CHUNKS_ALLOW_RETENTION = "topics.chunks.allow.retention";
  static final String CHUNKS_TAIL_BYTES = "chunks.tail.bytes";
  static final String AVG_CHUNK_BYTES = "chunk.avg.bytes";
  static final String ZSTD_LEVEL = "zstd.level";
  static final String INGEST_READERS = "ingest.readers";
  static final String INGEST_IN_FLIGHT = "ingest.uploads.in.flight";
  static final String INGEST_BUFFER_BYTES = "ingest.buffer.bytes";
  static final String INGEST_STALL_TIMEOUT_MS = "ingest.stall.timeout.ms";
  static final String INGEST_BACKLOG_BYTES = "ingest.backlog.bytes";
  static final String INGEST_KNOWN_DIGESTS = "ingest.known.digests";
  static final String CHUNKER_THREADS = "chunker.threads";
  static final String CHUNKER_WINDOW_RECORDS = "chunker.window.records";
  static final String CHUNKER_WINDOW_BYTES = "chunker.window.bytes";
  static final String CHUNKER_DRAIN_TIMEOUT_MS = "chunker.drain.timeout.ms";
  static final String INDEX_THREADS = "index.threads";
  static final String INDEX_SINGLE_CHUNK_BLOBS = "index.single.chunk.blobs";
  static final String WRITE = "write";
  static final String OMIT = "omit";
  static final String UPLOAD_EXPIRY_MS = "upload.expiry.ms";
  static final String STATE_DIR = "state.dir";
  static final String STATE_MEMORY_BYTES = "state.memory.bytes";
  static final String STANDBY_REPLICAS = "state.standby.replicas";
  static final String INSTANCE_ID = "instance.id";
  static final String OTLP_ENDPOINT = "telemetry.otlp.endpoint";
  static final String TRACE_RATIO = "telemetry.trace.ratio";

  private ConfigKeys() {}

  static ConfigDef definition() {
    return FeedKeys.addTo(ServiceKeys.addTo(ofPipeline()));
  }

  private static ConfigDef ofPipeline() {
    return new ConfigDef()
        .define(
            DATA_DIR,
            ConfigDef.Type.STRING,
            "./castore-data",
            new NonEmptyString(),
            Importance.HIGH,
            "Directory of the embedded system: its broker, its state, and its store where"
                + " `store.url` names no other.")
        .define(
            STORE_URL,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "The store: `s3://bucket/prefix`, `file:///path` or `memory:`. Empty: the directory"
                + " `store` in `data.dir`.")
        .define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Kafka's brokers, `host:port,…`. Empty: a broker in this process.")
        .define(
            S3_ENDPOINT,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "URL of the S3 service, such as `http://127.0.0.1:9000`. Empty: Amazon's.")
        .define(
            S3_REGION,
            ConfigDef.Type.STRING,
            S3Settings.DEFAULTS.region(),
            Importance.MEDIUM,
            "Region of the bucket.")
        .define(
            S3_ACCESS_KEY,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Access key of the S3 service. Empty: what the environment gives (see"
                + " `docs/stores.md`).")
        .define(
            S3_SECRET_KEY,
            ConfigDef.Type.PASSWORD,
            "",
            Importance.HIGH,
            "Secret key of the S3 service. Better given by environment or file than as a flag.")
        .define(
            S3_ATTEMPTS,
            ConfigDef.Type.INT,
            S3Settings.DEFAULTS.attempts(),
            between(1, S3Settings.MOST_ATTEMPTS),
            Importance.LOW,
            "How often a request to the S3 service is tried in all, with growing pauses between.")
        .define(
            S3_ATTEMPT_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            S3Settings.DEFAULTS.attemptTimeout().toMillis(),
            between(100, TimeUnit.MINUTES.toMillis(10)),
            Importance.LOW,
            "How long one attempt of a request to the S3 service may take, from its connection to"
                + " its answer; the bytes of an object that is read are not counted.")
        .define(
            STORE_CHECK_INTERVAL_MS,
            ConfigDef.Type.LONG,
            TimeUnit.SECONDS.toMillis(5),
            between(100, TimeUnit.HOURS.toMillis(1)),
            Importance.LOW,
            "How often a service looks whether the store answers and is still the same one. While"
                + " the store does not answer, the service pauses.")
        .define(
            TOPICS_PREFIX,
            ConfigDef.Type.STRING,
            "castore.",
            new TopicPrefix(),
            Importance.MEDIUM,
            "What the names of all topics and consumer groups start with. One prefix belongs to one"
                + " store.")
        .define(
            CHUNK_PARTITIONS,
            ConfigDef.Type.INT,
            64,
            between(1, 10_000),
            Importance.MEDIUM,
            "Partitions of the topic `chunks` when it is made; 8 in the embedded system. Cannot be"
                + " changed afterwards without giving up the deduplication state.")
        .define(
            UPLOAD_PARTITIONS,
            ConfigDef.Type.INT,
            16,
            between(1, 10_000),
            Importance.MEDIUM,
            "Partitions of the topics keyed by upload when they are made; 4 in the embedded"
                + " system.")
        .define(
            REPLICATION_FACTOR,
            ConfigDef.Type.SHORT,
            (short) -1,
            new ReplicationFactor(),
            Importance.MEDIUM,
            "Replicas of each topic when it is made. -1: the broker's default.")
        .define(
            CHUNKS_ALLOW_RETENTION,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether the topic `chunks` may have a retention of its own, by time or by size. Kafka"
                + " then deletes chunks that are not stored yet when storing takes too long, and"
                + " their uploads end as EXPIRED.")
        .define(
            CHUNKS_TAIL_BYTES,
            ConfigDef.Type.LONG,
            64L << 30,
            atLeast(-1),
            Importance.MEDIUM,
            "How much of the topic `chunks` stays after it was stored, over all partitions, for"
                + " replay and audit; 256 MiB in the embedded system. What is older is deleted from"
                + " Kafka. 0: nothing stays. -1: everything stays.")
        .define(
            AVG_CHUNK_BYTES,
            ConfigDef.Type.INT,
            ChunkSizes.DEFAULT_AVERAGE_BYTES,
            between(ChunkSizes.MIN_AVERAGE_BYTES, ChunkSizes.MAX_AVERAGE_BYTES),
            Importance.MEDIUM,
            "Average length of a chunk. The shortest is half of it, the longest twice. Data chunked"
                + " with different averages shares no chunks.")
        .define(
            ZSTD_LEVEL,
            ConfigDef.Type.INT,
            ChunkCodec.DEFAULT_LEVEL,
            between(ChunkCodec.MIN_LEVEL, ChunkCodec.MAX_LEVEL),
            Importance.LOW,
            "zstd level that chunks are compressed with.")
        .define(
            INGEST_READERS,
            ConfigDef.Type.INT,
            2,
            between(1, 256),
            Importance.LOW,
            "Files that are read, chunked and compressed at a time.")
        .define(
            INGEST_IN_FLIGHT,
            ConfigDef.Type.INT,
            1024,
            between(1, 1_000_000),
            Importance.LOW,
            "Uploads that may await their end at a time; reading pauses beyond.")
        .define(
            INGEST_BUFFER_BYTES,
            ConfigDef.Type.LONG,
            64L << 20,
            atLeast(16 << 20),
            Importance.LOW,
            "Memory for records on their way to Kafka; reading pauses while it is full.")
        .define(
            INGEST_STALL_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            TimeUnit.MINUTES.toMillis(10),
            atLeast(1000),
            Importance.MEDIUM,
            "How long an ingest waits without any progress of the pipeline before it gives up.")
        .define(
            INGEST_BACKLOG_BYTES,
            ConfigDef.Type.LONG,
            8L << 30,
            atLeast(64 << 20),
            Importance.MEDIUM,
            "An ingest sends no chunks while more than so much waits in Kafka to be stored; 1 GiB"
                + " in the embedded system.")
        .define(
            INGEST_KNOWN_DIGESTS,
            ConfigDef.Type.INT,
            1_000_000,
            atLeast(0),
            Importance.LOW,
            "Digests that an ingest remembers as stored, so that it sends no bytes of these again."
                + " About 100 bytes of memory each.")
        .define(
            CHUNKER_THREADS,
            ConfigDef.Type.INT,
            2,
            between(1, 256),
            Importance.MEDIUM,
            "Threads that store chunks.")
        .define(
            CHUNKER_WINDOW_RECORDS,
            ConfigDef.Type.INT,
            64,
            between(1, 4096),
            Importance.MEDIUM,
            "Chunks that are on their way to the store at a time, over all threads of the process."
                + " 1: each thread stores one chunk after another, and `chunker.window.bytes` does"
                + " not matter.")
        .define(
            CHUNKER_WINDOW_BYTES,
            ConfigDef.Type.LONG,
            64L << 20,
            atLeast(1 << 20),
            Importance.MEDIUM,
            "Bytes that are on their way to the store at a time, over all threads of the process. A"
                + " single chunk may be larger.")
        .define(
            CHUNKER_DRAIN_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            0L,
            between(0, TimeUnit.DAYS.toMillis(7)),
            Importance.LOW,
            "How long a commit waits for the chunks that are on their way to the store. Must be"
                + " longer than a request with all its attempts takes. 0: 15 seconds longer than"
                + " that.")
        .define(
            INDEX_THREADS,
            ConfigDef.Type.INT,
            1,
            between(1, 256),
            Importance.LOW,
            "Threads that gather receipts and write blob objects.")
        .define(
            INDEX_SINGLE_CHUNK_BLOBS,
            ConfigDef.Type.STRING,
            WRITE,
            ConfigDef.ValidString.in(WRITE, OMIT),
            Importance.LOW,
            "Whether the indexer writes the object of a blob that is a single chunk: `write`, or `omit`"
                + " where all readers of the store find such a blob by its chunk, as this program and"
                + " tvix since 2024-04 do. Halves the objects of small files (see `docs/formats.md`).")
        .define(
            UPLOAD_EXPIRY_MS,
            ConfigDef.Type.LONG,
            TimeUnit.HOURS.toMillis(24),
            atLeast(1000),
            Importance.MEDIUM,
            "An upload of which nothing was heard for so long ends as EXPIRED.")
        .define(
            STATE_DIR,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Directory for the topologies' local state. Empty: the directory `state` in"
                + " `data.dir`.")
        .define(
            STATE_MEMORY_BYTES,
            ConfigDef.Type.LONG,
            128L << 20,
            atLeast(16 << 20),
            Importance.MEDIUM,
            "Memory outside the heap for the local state of all topologies of a process: blocks"
                + " that were read, filters and what is not written yet.")
        .define(
            STANDBY_REPLICAS,
            ConfigDef.Type.INT,
            0,
            between(0, 10),
            Importance.MEDIUM,
            "Other processes that keep a copy of each part of the local state, so that they take"
                + " over at once when a process dies. 0: state is read from Kafka then.")
        .define(
            INSTANCE_ID,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of this process among those that share the work, stable over restarts: its work"
                + " is then not handed to others while it restarts. Empty: none.")
        .define(
            OTLP_ENDPOINT,
            ConfigDef.Type.STRING,
            "",
            Importance.LOW,
            "Where traces of uploads are sent, by OTLP over HTTP, such as `http://collector:4318`"
                + " (see `docs/metrics.md`). Empty: nothing is traced.")
        .define(
            TRACE_RATIO,
            ConfigDef.Type.DOUBLE,
            1.0,
            between(0, 1),
            Importance.LOW,
            "Which part of the uploads that begin in this process is traced, 0 to 1. A traced"
                + " upload has a span for each of its chunks.");
  }
}
