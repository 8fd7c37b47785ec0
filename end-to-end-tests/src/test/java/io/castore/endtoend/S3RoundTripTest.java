package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Server;
import io.castore.content.objectstore.S3Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The embedded pipeline with its store in S3. The later tests use the first one's directory. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class S3RoundTripTest {
  private static final String PREFIX = "some/prefix";
  private static final byte[] LARGE = Contents.random(2_000_000, 1);
  private static final byte[] SMALL = Contents.random(10, 2);

  @TempDir private static Path directory;
  private static S3Server s3;
  private static Castore castore;
  private static String url;

  @BeforeAll
  static void startS3() {
    s3 = S3Server.start();
    S3Settings settings = s3.settings();
    url = s3.url(PREFIX).toString();
    castore =
        Castore.in(directory)
            .with("CASTORE_STORE_S3_ENDPOINT", s3.endpoint().toString())
            .with("CASTORE_STORE_S3_ACCESS_KEY", Objects.requireNonNull(settings.accessKey()))
            .with("CASTORE_STORE_S3_SECRET_KEY", Objects.requireNonNull(settings.secretKey()));
  }

  @AfterAll
  static void stopS3() {
    s3.close();
  }

  @Test
  @Order(1)
  void shouldGiveBackWhatItTookWhenStoreIsS3() throws IOException {
    Contents.write(directory.resolve("tree/large"), LARGE);
    Contents.write(directory.resolve("tree/small"), SMALL);
    CommandResult ingest = castore.run("ingest", "tree", "--store", url).endedWith(0);
    assertThat(ingest.lines())
        .isEqualTo(List.of(Contents.line(LARGE, "tree/large"), Contents.line(SMALL, "tree/small")));

    String large = Blake3.hash(LARGE).toHex();
    assertThat(castore.run("cat", large, "--store", url).endedWith(0).out()).isEqualTo(LARGE);
    castore.runWithInput(ingest.out(), "restore", "-", "restored", "--store", url).endedWith(0);
    assertThat(FileTree.digests(directory.resolve("restored/tree")))
        .isEqualTo(FileTree.digests(directory.resolve("tree")));
    assertThat(castore.storedChunks()).isZero();
  }

  @Test
  @Order(2)
  void shouldKeepEverythingBelowThePrefix() throws IOException {
    try (ObjectStore bucket = ObjectStores.open(s3.url(""), s3.settings());
        ObjectStore store = ObjectStores.open(s3.url(PREFIX), s3.settings())) {
      StoreWalker.Report report = StoreWalker.walk(store, true).withoutFaults();
      assertThat(report.blobs()).isEqualTo(2);
      bucket.list("", object -> assertThat(object.key()).startsWith(PREFIX + "/"));
    }
  }

  @Test
  @Order(3)
  void shouldRefuseAnotherStoreOnTheSameDirectory() throws IOException {
    CommandResult ingest = castore.run("ingest", "tree").endedWith(3);
    assertThat(ingest.out()).isEmpty();
    assertThat(ingest.err())
        .contains("the deduplication state under topics.prefix=castore. belongs to the store with")
        .contains("--store")
        .contains("--reset-state");
  }

  @Test
  @Order(4)
  void shouldCallItUnreachableWhenKeysAreWrong() throws IOException {
    CommandResult ingest =
        castore
            .with("CASTORE_STORE_S3_SECRET_KEY", "wrong")
            .run("ingest", "tree", "--store", url)
            .endedWith(3);
    assertThat(ingest.err()).contains("the keys were not accepted").doesNotContain("wrong");
  }

  @Test
  @Order(5)
  void shouldStoreEverythingAnewWhenStateIsGivenUp() throws IOException {
    CommandResult ingest = castore.run("ingest", "tree", "--reset-state", "--json").endedWith(0);
    assertThat(ingest.json())
        .hasSize(2)
        .allSatisfy(entry -> assertThat(entry.get("new_chunks")).isEqualTo(entry.get("chunks")));
    assertThat(StoreWalker.walk(castore.storeDirectory()).withoutFaults().blobs()).isEqualTo(2);
  }
}
