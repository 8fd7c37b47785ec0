package io.castore.content.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketLayoutTest {
  private static final Digest HELLO =
      Blake3.hash("Hello World".getBytes(StandardCharsets.US_ASCII));

  @Test
  void shouldShardByFourHexCharacters() {
    assertThat(BucketLayout.blobKey(HELLO))
        .isEqualTo(
            "blobs/b3/41f8/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76");
    assertThat(BucketLayout.chunkKey(HELLO))
        .isEqualTo(
            "chunks/b3/41f8/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76");
  }

  @Test
  void shouldReadKeysBack() {
    for (BucketObject object :
        new BucketObject[] {
          new BucketObject.Chunk(HELLO), new BucketObject.Blob(HELLO), new BucketObject.Identity()
        }) {
      assertThat(BucketLayout.parse(object.key())).contains(object);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "README",
        "castore-streams.json.bak",
        "chunks/b3/",
        "chunks/b3/41f8/41f8",
        "chunks/b3/41f8/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf7g",
        "chunks/b3/41f8/41F8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76",
        "chunks/b3/41f9/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76",
        "chunks/b3/41/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76",
        "chunks/b3/41f8-41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76",
        "blobs/b3/41f8/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76.tmp",
        "other/b3/41f8/41f8394111eb713a22165c46c90ab8f0fd9399c92028fd6d288944b23ff5bf76"
      })
  void shouldNotTakeOtherKeysForItsOwn(String key) {
    assertThat(BucketLayout.parse(key)).isEmpty();
  }
}
