package io.castore.query.http;

import io.castore.content.digest.Digest;
import io.castore.ingest.PushOutcome;
import io.castore.ingest.PushedUpload;
import io.castore.ingest.PushedUploads;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where the bodies of uploads go. Safe for use by many threads. */
@FunctionalInterface
public interface BlobIntake {
  /**
   * Begins one. Never waits.
   *
   * @param source names it for ever, a URI
   * @param expected the digest that its content has to have
   * @return empty where as many are under way as may
   */
  Optional<Body> begin(String source, Optional<Digest> expected);

  /** A body on its way in. Nothing of it is published unless its end is reached. */
  interface Body {
    /** Hands a piece over, when the one before was taken: {@link PushedUpload#write}. */
    CompletableFuture<Void> write(ByteBuffer piece);

    /** Says that the body is whole, when the last piece was taken. */
    void end();

    /** Gives it up unless it is whole. May be called by any thread. */
    void abort(String reason);

    /** Is completed when all is over, and never with an exception. */
    CompletableFuture<PushOutcome> outcome();
  }

  /** Gives bodies to the pipeline. */
  static BlobIntake into(PushedUploads uploads) {
    return (source, expected) -> uploads.begin(source, expected).map(BlobIntake::body);
  }

  private static Body body(PushedUpload upload) {
    return new Body() {
      @Override
      public CompletableFuture<Void> write(ByteBuffer piece) {
        return upload.write(piece);
      }

      @Override
      public void end() {
        upload.end();
      }

      @Override
      public void abort(String reason) {
        upload.abort(reason);
      }

      @Override
      public CompletableFuture<PushOutcome> outcome() {
        return upload.outcome();
      }
    };
  }
}
