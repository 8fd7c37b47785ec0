package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class FileBodyTest {
  @Property
  void shouldReadWhatAnyStreamDoesWhateverSizeWasStated(
      @ForAll byte[] content,
      @ForAll @IntRange(max = 300) int size,
      @ForAll @IntRange(max = 300) int first,
      @ForAll @IntRange(max = 300) int second)
      throws IOException {
    try (FileBody body = new FileBody(new ByteArrayInputStream(content), size)) {
      int read = Math.min(first, content.length);
      assertThat(body.readNBytes(first)).isEqualTo(Arrays.copyOf(content, read));
      assertThat(body.readNBytes(second))
          .isEqualTo(Arrays.copyOfRange(content, read, Math.min(read + second, content.length)));
    }
  }
}
