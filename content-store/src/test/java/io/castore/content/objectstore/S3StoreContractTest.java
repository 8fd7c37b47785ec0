package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minio.ListMultipartUploadsArgs;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a store in S3 must do besides, whichever service it is. */
abstract class S3StoreContractTest extends ObjectStoreContractTest {
  private static final AtomicInteger stores = new AtomicInteger();

  /** The service, shared by the tests of a class. */
  abstract S3Server server();

  @Override
  final ObjectStore openEmpty() {
    return open("test-" + stores.incrementAndGet());
  }

  private ObjectStore open(String prefix) {
    return ObjectStores.open(server().url(prefix), server().settings());
  }

  private String accessKey() {
    return Objects.requireNonNull(server().settings().accessKey());
  }

  private String secretKey() {
    return Objects.requireNonNull(server().settings().secretKey());
  }

  @Test
  void shouldPutKeysBelowThePrefix() throws IOException {
    try (ObjectStore whole = open("");
        ObjectStore part = open("prefixes/deep er/ä");
        ObjectStore sibling = open("prefixes/deep er/äa")) {
      part.put("a/b", text("content"));
      sibling.put("c", text("other"));

      assertThat(part.stat("a/b")).isPresent();
      assertThat(whole.stat("a/b")).isEmpty();
      assertThat(keys(part)).containsExactly("a/b");
      assertThat(keys(sibling)).containsExactly("c");
      assertThat(part.url()).isEqualTo("s3://castore-test/prefixes/deep%20er/ä");
    }
  }

  @Test
  void shouldUseTheWholeBucketWhenThereIsNoPrefix() throws IOException {
    try (ObjectStore whole = open("");
        ObjectStore part = open("whole")) {
      whole.put("whole/a", text("content"));

      assertThat(sizeOf(part, "a")).hasValue(7);
    }
  }

  @Test
  void shouldLetOneOfManyWriteWhenLargeBodiesRace() throws Exception {
    int size = S3Writes.PART_BYTES + 1;
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      GeneratedBody body = new GeneratedBody(size, size, writer);
      tasks.add(
          () -> {
            start.await();
            return store().putIfAbsent("large", body);
          });
    }

    List<Boolean> wrote = runTogether(tasks, start);

    assertThat(wrote).containsOnlyOnce(true);
    try (InputStream stream = store().open("large").orElseThrow()) {
      assertThat(new GeneratedBody(size, size, wrote.indexOf(true)).matches(stream)).isTrue();
    }
  }

  @Test
  void shouldAbandonThePartsWhenALargeBodyIsNotKept() throws Exception {
    store().put("large/once", text("first"));

    assertThat(store().putIfAbsent("large/once", GeneratedBody.of(9 << 20))).isFalse();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store().put("large/cut", new GeneratedBody(20 << 20, 17 << 20, 0)));

    try (S3Connection connection = S3Connection.open(server().settings())) {
      assertThat(
              connection
                  .client()
                  .listMultipartUploads(
                      ListMultipartUploadsArgs.builder().bucket(S3Server.BUCKET).build())
                  .get()
                  .result()
                  .uploads())
          .isEmpty();
    }
  }

  @Test
  void shouldTakeTheKeysOfTheEnvironmentWhenNoneAreSet() throws IOException {
    // The client looks for each name among the system properties first.
    System.setProperty("AWS_ACCESS_KEY_ID", accessKey());
    System.setProperty("AWS_SECRET_ACCESS_KEY", secretKey());
    try (ObjectStore environment =
        ObjectStores.open(server().url("environment"), server().settings().withKeys(null, null))) {
      environment.put("a", text("a"));

      assertThat(keys(environment)).containsExactly("a");
    } finally {
      System.clearProperty("AWS_ACCESS_KEY_ID");
      System.clearProperty("AWS_SECRET_ACCESS_KEY");
    }
  }

  @Test
  void shouldSayThatNoKeysAreSetWhenAnonymousRequestsAreDenied() {
    assumeThat(System.getenv())
        .doesNotContainKeys("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "MINIO_ACCESS_KEY");
    assumeThat(Path.of(System.getProperty("user.home"), ".aws", "credentials")).doesNotExist();
    try (ObjectStore anonymous =
        ObjectStores.open(server().url(""), server().settings().withKeys(null, null))) {
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(anonymous::probe)
          .withMessageContaining("no keys are set, so the request was anonymous");
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> anonymous.put("a", text("a")));
    }
  }

  @Test
  void shouldRefuseWhenTheBucketIsMissing() {
    try (ObjectStore missing =
        ObjectStores.open(new StoreUrl.S3("no-such-bucket", "a"), server().settings())) {
      String message =
          "bucket no-such-bucket does not exist at "
              + server().endpoint()
              + " (create it, or name another)";
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(missing::probe)
          .withMessage("s3://no-such-bucket/a: open: " + message);
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.put("a", text("a")))
          .withMessageEndingWith(message);
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.putIfAbsent("a", text("a")));
      assertThatExceptionOfType(StoreRefusedException.class)
          .isThrownBy(() -> missing.put("a", GeneratedBody.of(9 << 20)));
      assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(() -> missing.open("a"));
    }
  }

  @Test
  void shouldRefuseWithoutTheSecretWhenTheKeysAreWrong() {
    for (S3Settings wrong :
        List.of(
            server().settings().withKeys(accessKey(), "hush-hush"),
            server().settings().withKeys("unknown", "hush-hush"))) {
      try (ObjectStore refused = ObjectStores.open(server().url(""), wrong)) {
        Throwable failure = catchThrowable(refused::probe);

        assertThat(failure)
            .isInstanceOf(StoreRefusedException.class)
            .hasMessageContaining("the keys were not accepted by " + server().endpoint())
            .hasMessageContaining("check access key and secret key");
        assertThat(allOf(failure)).doesNotContain("hush-hush");
        assertThatExceptionOfType(StoreRefusedException.class)
            .isThrownBy(() -> refused.put("a", text("a")));
        assertThatExceptionOfType(StoreRefusedException.class).isThrownBy(() -> refused.stat("a"));
      }
    }
  }

  private static List<String> keys(ObjectStore store) throws IOException {
    List<String> keys = new ArrayList<>();
    store.list("", object -> keys.add(object.key()));
    return keys;
  }

  private static String allOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
