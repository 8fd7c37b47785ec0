package io.castore.pipeline.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * The configuration keys of what feeds the pipeline by itself (watch, backfill), and of what clears
 * the store (garbage collection).
 */
final class FeedKeys {
  static final String SOURCE_S3_ENDPOINT = "source.s3.endpoint";
  static final String SOURCE_S3_REGION = "source.s3.region";
  static final String SOURCE_S3_ACCESS_KEY = "source.s3.access.key";
  static final String SOURCE_S3_SECRET_KEY = "source.s3.secret.key";
  static final String WATCH_TOPIC = "watch.topic";
  static final String WATCH_DIRECTORIES = "watch.directories";
  static final String WATCH_STABLE_MS = "watch.stable.ms";
  static final String WATCH_CONCURRENCY = "watch.concurrency";
  static final String WATCH_RATE = "watch.rate";
  static final String WATCH_ATTEMPTS = "watch.attempts";
  static final String GC_GRACE_MS = "gc.grace.ms";
  static final String GC_RETENTION = "gc.retention";
  static final String GC_CPU_PERCENT = "gc.cpu.percent";

  private FeedKeys() {}

  static ConfigDef addTo(ConfigDef keys) {
    return keys.define(
            SOURCE_S3_ENDPOINT,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "URL of the S3 service that objects are ingested from. Empty: that of the store, with its region and keys.")
        .define(
            SOURCE_S3_REGION,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Region of the buckets that objects are ingested from. Empty: that of the store.")
        .define(
            SOURCE_S3_ACCESS_KEY,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Access key for objects that are ingested. Empty: that of the store where `source.s3.endpoint` is empty, too,"
                + " else what the environment gives.")
        .define(
            SOURCE_S3_SECRET_KEY,
            ConfigDef.Type.PASSWORD,
            "",
            Importance.HIGH,
            "Its secret key. Better given by environment or file than as a flag.")
        .define(
            WATCH_TOPIC,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Topic of S3 bucket notifications that the role `watch` follows. Its whole name; `topics.prefix` is not put"
                + " before it. Empty: none.")
        .define(
            WATCH_DIRECTORIES,
            ConfigDef.Type.LIST,
            "",
            Importance.HIGH,
            "Directories that the role `watch` looks after, with all below them, separated by commas. Empty: none.")
        .define(
            WATCH_STABLE_MS,
            ConfigDef.Type.LONG,
            TimeUnit.SECONDS.toMillis(2),
            between(10, TimeUnit.HOURS.toMillis(24)),
            Importance.MEDIUM,
            "For how long a file's size and time have to stay the same before it is ingested.")
        .define(
            WATCH_CONCURRENCY,
            ConfigDef.Type.INT,
            64,
            between(1, 10_000),
            Importance.MEDIUM,
            "Objects and files that the role `watch` has under way at a time.")
        .define(
            WATCH_RATE,
            ConfigDef.Type.LONG,
            0L,
            atLeast(0),
            Importance.MEDIUM,
            "Objects and files that the role `watch` begins in a second at most. 0: as many as it can.")
        .define(
            WATCH_ATTEMPTS,
            ConfigDef.Type.INT,
            5,
            between(1, 100),
            Importance.LOW,
            "How often the role `watch` tries an object that cannot be read for the moment, with growing pauses between,"
                + " before its event becomes a dead letter.")
        .define(
            GC_GRACE_MS,
            ConfigDef.Type.LONG,
            TimeUnit.HOURS.toMillis(24),
            atLeast(0),
            Importance.MEDIUM,
            "Garbage collection leaves objects alone that were written to the store within so long.")
        .define(
            GC_RETENTION,
            ConfigDef.Type.LIST,
            "",
            Importance.MEDIUM,
            "Rules that drop what was ingested, separated by commas: `PREFIX=AGE` drops uploads of the sources whose names"
                + " start so when they have been complete for longer than the age, such as"
                + " `s3://logs/=90d,file:///tmp/=12h`. The longest prefix that fits counts. Empty: nothing is ever dropped.")
        .define(
            GC_CPU_PERCENT,
            ConfigDef.Type.INT,
            20,
            between(1, 100),
            Importance.LOW,
            "How much of one core garbage collection takes at most while uploads come. 100: as much as it can.");
  }
}
