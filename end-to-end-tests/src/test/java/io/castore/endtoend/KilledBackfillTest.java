package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.objectstore.EmbeddedS3;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Settings;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill that is killed again and again, and begun again each time: {@code backfill.kills}
 * times.
 */
final class KilledBackfillTest {
  private static final int OBJECTS = 300;
  private static final int KILLS = Integer.getInteger("backfill.kills", 3);
  private static final long SEED = 20_261_123;
  private static final Pattern BROKER = Pattern.compile("Kafka at (\\S+)");

  @TempDir private static Path directory;

  @Test
  void shouldReadNothingAgainThatWasDoneWhenKilled() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      fill(s3);
      Castore castore = castore(s3);
      String bucket = "s3://" + EmbeddedS3.BUCKET + "/in/";
      try (CastoreProcess serve = castore.start("serve")) {
        serve.awaitError("serving");
        CastoreConfig config = config(serve.toString());
        Random random = new Random(SEED);
        List<Map<String, Integer>> doneBefore = new ArrayList<>();
        for (int kill = 1; kill <= KILLS; kill++) {
          // Some kills come before the first object of a run, some after a good part of all.
          int more = random.nextInt(2 * OBJECTS / KILLS);
          try (CastoreProcess backfill = castore.start("backfill", bucket, "--rate", "100")) {
            int before = s3.reads().size();
            backfill.awaitUntil(
                "objects read", () -> s3.reads().size() >= Math.min(OBJECTS - 1, before + more));
            backfill.kill().endedWith(128 + 9);
          }
          doneBefore.add(readsOf(sources(config), s3));
        }

        CommandResult last = castore.run("backfill", bucket, "--json").endedWith(0);

        assertThat(last.err()).doesNotContain("Exception");
        Map<String, Integer> reads = s3.reads();
        for (Map<String, Integer> done : doneBefore) {
          assertThat(reads).containsAllEntriesOf(done);
        }
        assertThat(doneBefore.get(KILLS - 1)).isNotEmpty();
        assertThat(sources(config)).hasSize(OBJECTS);
        assertThat(completeUploads(config))
            .hasSize(OBJECTS)
            .allSatisfy((name, count) -> assertThat(count).isOne());

        CommandResult again = castore.run("backfill", bucket, "--json").endedWith(0);
        assertThat(again.json().get(again.lines().size() - 1).get("skipped").asInt())
            .isEqualTo(OBJECTS);
        assertThat(s3.reads()).isEqualTo(reads);
      }
    }
  }

  private static void fill(EmbeddedS3 s3) throws IOException {
    try (ObjectStore bucket = ObjectStores.open(s3.url(""), s3.settings())) {
      for (int i = 0; i < OBJECTS; i++) {
        bucket.put("in/%03d".formatted(i), ObjectBody.of(Contents.random(1000 + 300 * i, i)));
      }
    }
  }

  private static Castore castore(EmbeddedS3 s3) {
    S3Settings settings = s3.settings();
    return Castore.in(directory)
        .with("CASTORE_SOURCE_S3_ENDPOINT", s3.endpoint().toString())
        .with("CASTORE_SOURCE_S3_ACCESS_KEY", Objects.requireNonNull(settings.accessKey()))
        .with("CASTORE_SOURCE_S3_SECRET_KEY", Objects.requireNonNull(settings.secretKey()));
  }

  private static CastoreConfig config(String served) throws Exception {
    Matcher broker = BROKER.matcher(served);
    assertThat(broker.find()).as(served).isTrue();
    return CastoreConfig.of(Map.of("bootstrap.servers", broker.group(1)));
  }

  /** How often each source was read so far that needs no reading any more, by its key. */
  private static Map<String, Integer> readsOf(Set<String> names, EmbeddedS3 s3) {
    Map<String, Integer> reads = new HashMap<>(s3.reads());
    reads.keySet().removeIf(key -> !names.contains("s3://" + EmbeddedS3.BUCKET + "/" + key));
    return reads;
  }

  private static Set<String> sources(CastoreConfig config) {
    Map<String, Integer> names = new TreeMap<>();
    read(config, config.topics().sources(), (name, entry) -> names.put(name, 1));
    return names.keySet();
  }

  private static Map<String, Integer> completeUploads(CastoreConfig config) {
    Map<UploadId, UploadStatus> newest = new HashMap<>();
    read(config, config.topics().uploadStatus(), newest::put);
    Map<String, Integer> complete = new TreeMap<>();
    newest.values().stream()
        .filter(status -> status.getState() == UploadStatus.State.COMPLETE)
        .forEach(status -> complete.merge(status.getSource(), 1, Integer::sum));
    return complete;
  }

  private static <K, V> void read(
      CastoreConfig config, Topic<K, V> topic, BiConsumer<K, V> visitor) {
    try (TopicTail<K, V> tail = new TopicTail<>(config, topic)) {
      tail.readToEnd(visitor::accept);
    }
  }
}
