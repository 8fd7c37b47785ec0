package io.castore.blobs;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@link BlobWriter} that also tells what of the blob was new. Not thread-safe. */
public final class BlobUpload implements BlobWriter {
  private final ContentSink sink;
  private final Consumer<ContentSink> onEnd;
  private @Nullable StoredBlob stored;
  private @Nullable IOException failure;

  /**
   * Begins with nothing.
   *
   * @param onEnd told when the sink is not used any more
   */
  BlobUpload(ContentSink sink, Consumer<ContentSink> onEnd) {
    this.sink = sink;
    this.onEnd = onEnd;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (stored != null) {
      throw new IOException("blob " + stored.digest() + " is closed already");
    }
    try {
      sink.write(bytes);
    } catch (IOException failed) {
      fail(failed);
      throw failed;
    }
  }

  @Override
  public Digest close() throws IOException {
    return end().digest();
  }

  /** Does what {@link #close} does, and tells more of it. */
  public StoredBlob end() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (stored == null) {
      try {
        stored = sink.end();
        onEnd.accept(sink);
      } catch (IOException failed) {
        fail(failed);
        throw failed;
      }
    }
    return stored;
  }

  @Override
  public void abort() {
    if (stored == null && failure == null) {
      fail(new IOException("the blob was given up while it was written"));
    }
  }

  private void fail(IOException reason) {
    failure = reason;
    sink.abort();
    onEnd.accept(sink);
  }
}
