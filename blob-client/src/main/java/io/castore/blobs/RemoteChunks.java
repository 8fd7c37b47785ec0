package io.castore.blobs;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that come from a service, many in one answer, and are verified here. An answer that is cut
 * is gone on with after the last chunk that came whole.
 *
 * <p>That the chunks are right does not say that they are the blob's, since the list came from the
 * service, too. Whoever reads all of them in order gets the last one only if all together have the
 * blob's digest.
 *
 * <p>Not thread-safe.
 */
final class RemoteChunks implements ChunkStreams {
  private final ServiceCalls calls;
  private final ChunkList blob;

  /** Takes in what is read from the start on, without a gap; null before the first chunk. */
  private @Nullable Blake3 whole;

  private int hashed;
  private @Nullable UntrueAnswerException untrue;

  RemoteChunks(ServiceCalls calls, ChunkList blob) {
    this.calls = calls;
    this.blob = blob;
  }

  @Override
  public ChunkStream open(int first, int end) throws UntrueAnswerException {
    if (untrue != null) {
      throw untrue;
    }
    return new Stream(first, end);
  }

  private void verifyWhole(int index, byte[] chunk) throws UntrueAnswerException {
    if (index != hashed || blob.count() == 1) {
      return;
    }
    if (whole == null) {
      whole = new Blake3();
    }
    whole.update(chunk, 0, chunk.length);
    hashed++;
    if (hashed == blob.count()) {
      Digest actual = whole.finish();
      if (!actual.equals(blob.blob())) {
        untrue =
            new UntrueAnswerException(
                "blob %s: %s gave a list of chunks that make blob %s"
                    .formatted(blob.blob(), calls, actual),
                null);
        throw untrue;
      }
    }
  }

  private final class Stream implements ChunkStream {
    private final int end;
    private int next;
    private @Nullable TimedBody body;

    Stream(int first, int end) {
      next = first;
      this.end = end;
    }

    @Override
    public byte[] next() throws IOException {
      ChunkRef wanted = blob.get(next);
      byte[] chunk = new byte[(int) wanted.size()];
      boolean unused =
          calls.retrying(
              () -> {
                fill(chunk);
                return true;
              });
      Digest actual = Blake3.hash(chunk);
      if (!actual.equals(wanted.digest())) {
        throw new UntrueAnswerException(
            "blob %s: %s gave bytes of digest %s for its chunk %s"
                .formatted(blob.blob(), calls, actual, wanted.digest()),
            null);
      }
      verifyWhole(next, chunk);
      next++;
      if (next == end) {
        readEnd();
      }
      return chunk;
    }

    private void fill(byte[] chunk) throws IOException {
      TimedBody from = body == null ? ask() : body;
      body = from;
      IOException cut = null;
      int filled = 0;
      try {
        filled = from.readNBytes(chunk, 0, chunk.length);
      } catch (InterruptedIOException interrupted) {
        throw interrupted;
      } catch (IOException failed) {
        cut = failed;
      }
      if (filled < chunk.length) {
        close();
        throw new ServiceUnavailableException(
            "%s ended blob %s before byte %d of %d%s"
                .formatted(
                    calls,
                    blob.blob(),
                    blob.offset(next) + chunk.length,
                    blob.size(),
                    cut == null ? "" : ": " + cut.getMessage()),
            cut);
      }
    }

    private TimedBody ask() throws IOException {
      long from = blob.offset(next);
      long last = blob.offset(end - 1) + blob.get(end - 1).size() - 1;
      boolean all = from == 0 && last == blob.size() - 1;
      ServiceCalls.Answer answer =
          calls
              .get("blobs/" + blob.blob(), all ? null : "bytes=%d-%d".formatted(from, last))
              .orElseThrow(
                  () ->
                      new UntrueAnswerException(
                          "blob %s: %s has none of it any more".formatted(blob.blob(), calls),
                          null));
      String given = answer.headers().firstValue("content-range").orElse("all of it");
      String expected = all ? "all of it" : "bytes %d-%d/%d".formatted(from, last, blob.size());
      if (!given.equals(expected)) {
        answer.close();
        throw new UntrueAnswerException(
            "blob %s: %s gave %s (expected: %s)".formatted(blob.blob(), calls, given, expected),
            null);
      }
      return answer.body();
    }

    /** A connection whose answer was read to its end can be used again. */
    private void readEnd() {
      if (body != null) {
        try {
          if (body.read() == -1) {
            body = null;
          }
        } catch (IOException cut) {
          // Everything that was wanted has come.
        }
        close();
      }
    }

    @Override
    public void close() {
      if (body != null) {
        body.close();
        body = null;
      }
    }
  }
}
