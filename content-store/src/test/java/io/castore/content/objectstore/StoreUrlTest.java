package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUrlTest {
  @ParameterizedTest
  @CsvSource({
    "s3://bucket, bucket, ''",
    "s3://bucket/, bucket, ''",
    "s3://bucket/prefix, bucket, prefix",
    "s3://bucket/a/b/, bucket, a/b",
    "S3://my.bucket-1//a//, my.bucket-1, a",
    "s3://bucket/with%20space/%C3%A4%25, bucket, with space/ä%",
    "s3://bucket/a+b~c, bucket, a+b~c",
  })
  void shouldReadABucket(String text, String bucket, String prefix) {
    assertThat(StoreUrl.parse(text)).isEqualTo(new StoreUrl.S3(bucket, prefix));
  }

  @ParameterizedTest
  @CsvSource({
    "file:///data/store, /data/store",
    "file:///data/store/, /data/store",
    "file:/data/store, /data/store",
    "FILE:///data/../other/./store, /other/store",
    "file:///with%20space/a%23b%3F%25, /with space/a#b?%",
    "file:///with space/ä+b, /with space/ä+b",
    "file:///%C3%A4, /ä",
    "file:///, /",
  })
  void shouldReadADirectory(String text, String path) {
    assertThat(StoreUrl.parse(text)).isEqualTo(new StoreUrl.Directory(Path.of(path)));
  }

  @Test
  void shouldReadMemory() {
    assertThat(StoreUrl.parse("memory:")).isEqualTo(new StoreUrl.Memory());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/data/store",
        "store",
        "gs://bucket",
        "s3:bucket",
        "s3://",
        "s3:///prefix",
        "s3://Bucket",
        "s3://b",
        "s3://bucket:9000/prefix",
        "s3://bucket/a//b",
        "s3://bucket/a/../b",
        "s3://bucket/%0a",
        "s3://bucket/%2",
        "s3://bucket/%zz",
        "file:store",
        "file://",
        "file://host/path",
        "file:///a%00b",
        "file:///a#b",
        "memory:name",
        "memory",
      })
  void shouldNameTheTextWhenItIsNoStore(String text) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StoreUrl.parse(text))
        .withMessageStartingWith("not a store URL: \"" + text + "\": ")
        .withMessageEndingWith("(expected: s3://bucket/prefix, file:///absolute/path or memory:)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://key:hush-hush@bucket/prefix",
        "s3://bucket?secret=hush-hush",
        "gs://key:hush-hush@bucket",
        "file://user:hush-hush@host/path"
      })
  void shouldKeepSecretsOutOfTheMessage(String text) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StoreUrl.parse(text))
        .satisfies(failure -> assertThat(failure).hasMessageNotContaining("hush"))
        .satisfies(
            failure -> assertThat(String.valueOf(failure.getCause())).doesNotContain("hush"));
  }

  @Test
  void shouldRefuseARelativeDirectory() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new StoreUrl.Directory(Path.of("store")))
        .withMessage("directory of a store: store (expected: an absolute path)");
  }

  @Property(tries = 300)
  void shouldReadItsOwnTextWhenADirectory(@ForAll @StringLength(min = 1, max = 20) String name) {
    if (name.contains("\0") || name.contains("/") || !isEncodable(name)) {
      return;
    }
    StoreUrl url = new StoreUrl.Directory(Path.of("/data", name));

    assertThat(StoreUrl.parse(url.toString())).isEqualTo(url);
  }

  @Property(tries = 300)
  void shouldReadItsOwnTextWhenABucket(@ForAll @StringLength(min = 1, max = 20) String name) {
    StoreUrl url;
    try {
      url = new StoreUrl.S3("bucket", "a/" + name);
    } catch (IllegalArgumentException notAPrefix) {
      return;
    }
    if (isEncodable(name)) {
      assertThat(StoreUrl.parse(url.toString())).isEqualTo(url);
    }
  }

  @Test
  void shouldHaveTheSameTextWhetherTheDirectoryIsThere(@TempDir Path directory) {
    assertThat(new StoreUrl.Directory(directory)).hasToString("file://" + directory);
    assertThat(new StoreUrl.Directory(directory.resolve("a b")))
        .hasToString("file://" + directory + "/a%20b");
    assertThat(new StoreUrl.Directory(Path.of("/"))).hasToString("file:///");
  }

  @Test
  void shouldOpenWhatItNames(@TempDir Path directory) {
    S3Settings settings = S3Settings.at(URI.create("http://127.0.0.1:1"));
    try (ObjectStore memory = ObjectStores.open(StoreUrl.parse("memory:"), settings);
        ObjectStore file = ObjectStores.open(new StoreUrl.Directory(directory), settings);
        ObjectStore s3 = ObjectStores.open(StoreUrl.parse("s3://bucket/a"), settings)) {
      assertThat(memory).isInstanceOf(MemoryObjectStore.class);
      assertThat(file).isInstanceOf(FileObjectStore.class);
      assertThat(s3).isInstanceOf(S3ObjectStore.class);
      assertThat(s3.url()).isEqualTo("s3://bucket/a");
    }
  }

  private static boolean isEncodable(String name) {
    return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(name);
  }
}
