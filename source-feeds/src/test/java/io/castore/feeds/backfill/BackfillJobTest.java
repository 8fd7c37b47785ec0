package io.castore.feeds.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.castore.content.objectstore.EmbeddedS3;
import io.castore.content.objectstore.S3Buckets;
import io.castore.feeds.FeedPipeline;
import io.castore.feeds.KnownSources;
import io.castore.feeds.Pace;
import io.castore.feeds.StandInPipeline;
import io.castore.feeds.s3.S3Location;
import io.castore.feeds.s3.S3ObjectSource;
import io.castore.ingest.Ingester;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a real broker and a real S3 server. */
final class BackfillJobTest {
  private static FeedPipeline feeds;

  @TempDir private Path directory;

  private final String prefix = UploadId.random().toString();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private CastoreConfig config;
  private StandInPipeline pipeline;
  private S3Buckets service;

  @BeforeAll
  static void startServers() throws Exception {
    feeds = FeedPipeline.start();
  }

  @AfterAll
  static void stopServers() throws Exception {
    feeds.close();
  }

  @BeforeEach
  void open() throws Exception {
    config = feeds.config(Map.of());
    pipeline = StandInPipeline.start(config);
    service = S3Buckets.open(config.sourceS3());
  }

  @AfterEach
  void close() throws Exception {
    service.close();
    pipeline.close();
  }

  @Test
  void shouldReadEachObjectOnceHoweverOftenItRuns() throws Exception {
    put("a", "1");
    put("dir/b c", "22");

    BackfillProgress first = run(Selection.ALL, objects());
    assertThat(first).isEqualTo(new BackfillProgress(2, 0, 0, 2, 2, 0, 3, 3));
    assertThat(pipeline.complete()).containsExactlyInAnyOrder(name("a"), name("dir/b%20c"));

    BackfillProgress second = run(Selection.ALL, objects());
    assertThat(second).isEqualTo(new BackfillProgress(2, 0, 2, 0, 0, 0, 0, 0));
    put("a", "3");
    BackfillProgress third = run(Selection.ALL, objects());
    assertThat(third.skipped()).isEqualTo(1);
    assertThat(third.ingested()).isEqualTo(1);
    assertThat(feeds.s3().reads())
        .containsEntry(prefix + "/a", 2)
        .containsEntry(prefix + "/dir/b c", 1);
  }

  @Test
  void shouldWaitForWhatAnEarlierJobHadSentWhole() throws Exception {
    put("a", "1");
    pipeline.hold();
    Ingester killed = Ingester.open(config);
    var unused = killed.submit(objectSource("a"));
    await().until(() -> pipeline.sealed() == 1);
    killed.close();

    try (KnownSources known = KnownSources.read(config, directory)) {
      List<String> waits = new ArrayList<>();
      EarlierUploads.await(
          config,
          known,
          line -> {
            waits.add(line);
            pipeline.goOn();
          });
      assertThat(waits).hasSize(1);
      assertThat(run(known, Selection.ALL, objects()).skipped()).isEqualTo(1);
    }
    assertThat(feeds.s3().reads()).containsEntry(prefix + "/a", 1);
  }

  @Test
  void shouldGoOnWithoutWhatFails() throws Exception {
    put("a", "1");
    String list = "%s\n%s\n/no/such/file\ns3://b/100%%\n\n".formatted(name("a"), name("gone"));

    BackfillProgress done = run(Selection.ALL, listOf(list), missingBucket());

    assertThat(done.ingested()).isEqualTo(1);
    assertThat(done.failed()).isEqualTo(4);
    assertThat(failures)
        .containsEntry(name("gone"), "does not exist")
        .containsEntry("/no/such/file", "does not exist")
        .containsKey("s3://b/100%")
        .containsKey("s3://no-such-bucket/");
  }

  @Test
  void shouldReadASourceThatIsListedTwiceOnce() throws Exception {
    put("a", "1");
    Path file = Files.writeString(directory.resolve("f"), "22");

    BackfillProgress done =
        run(Selection.ALL, listOf("%s\n%s\n%s\n".formatted(name("a"), name("a"), file)));

    assertThat(done).isEqualTo(new BackfillProgress(3, 0, 1, 2, 2, 0, 3, 3));
    assertThat(feeds.s3().reads()).containsEntry(prefix + "/a", 1);
  }

  @Test
  void shouldLeaveOutWhatItIsNotAbout() throws Exception {
    put("a.log", "1");
    put("b.txt", "1");
    put("old/c.log", "1");
    Selection selection =
        new Selection(
            List.of(Glob.of("*.log")), List.of(Glob.of("old/**")), Optional.of(Instant.EPOCH));

    BackfillProgress done = run(selection, objects());

    assertThat(done.leftOut()).isEqualTo(2);
    assertThat(pipeline.complete()).containsExactly(name("a.log"));
    Selection future =
        new Selection(List.of(), List.of(), Optional.of(Instant.now().plusSeconds(3600)));
    assertThat(run(future, objects()).leftOut()).isEqualTo(3);
  }

  @Test
  void shouldRefuseToAnswerOnceItIsClosed() throws Exception {
    KnownSources known = KnownSources.read(config, directory);
    known.close();

    assertThatIllegalStateException().isThrownBy(() -> known.find(name("a")));
    known.close();
  }

  @Test
  void shouldOnlyCountInASurvey() throws Exception {
    put("a", "1");
    put("b", "22");
    List<String> wanted = new ArrayList<>();
    try (KnownSources known = KnownSources.read(config, directory)) {
      BackfillSurvey survey = new BackfillSurvey(new BackfillPlan(Selection.ALL, known));
      survey.run(
          List.of(objects()),
          new BackfillSurvey.Reporter() {
            @Override
            public void wanted(Candidate candidate) {
              wanted.add(candidate.name());
            }

            @Override
            public void failed(String name, String reason) {
              failures.put(name, reason);
            }

            @Override
            public void passedOver(String name, String reason) {
              failures.put(name, reason);
            }
          });
      assertThat(survey.isFinished()).isTrue();
      assertThat(survey.wanted()).isEqualTo(new BackfillSurvey.Total(2, 3));
    }
    assertThat(wanted).containsExactly(name("a"), name("b"));
    assertThat(feeds.s3().reads()).doesNotContainKeys(prefix + "/a", prefix + "/b");
  }

  private BackfillProgress run(Selection selection, SourceListing... listings) throws Exception {
    // As another process would: nothing is known but what Kafka says.
    try (KnownSources known = KnownSources.read(config, directory)) {
      return run(known, selection, listings);
    }
  }

  private BackfillProgress run(KnownSources known, Selection selection, SourceListing... listings)
      throws Exception {
    try (Ingester ingester = Ingester.open(config)) {
      BackfillJob job =
          new BackfillJob(
              ingester::submit,
              new BackfillPlan(selection, known),
              Pace.of(1000),
              Pace.of(0),
              new BackfillJob.Reporter() {
                @Override
                public void failed(String name, String reason) {
                  failures.put(name, reason);
                }

                @Override
                public void passedOver(String name, String reason) {
                  failures.put(name, reason);
                }
              });
      job.run(List.of(listings));
      return job.progress();
    }
  }

  private SourceListing objects() {
    return new BucketListing(service, new S3Location(EmbeddedS3.BUCKET, prefix + "/"));
  }

  private SourceListing missingBucket() {
    return new BucketListing(service, new S3Location("no-such-bucket", ""));
  }

  private SourceListing listOf(String lines) {
    return new UriListing(
        "list", () -> new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), service);
  }

  private S3ObjectSource objectSource(String key) {
    return new S3ObjectSource(service, new S3Location(EmbeddedS3.BUCKET, prefix + "/" + key), "");
  }

  private String name(String key) {
    return "s3://" + EmbeddedS3.BUCKET + "/" + prefix + "/" + key;
  }

  private void put(String key, String content) throws Exception {
    feeds.put(prefix + "/" + key, content);
  }
}
