package io.castore.content.objectstore;

import io.minio.MakeBucketArgs;
import java.util.concurrent.TimeUnit;

/** The bucket that is there when a server has started. */
final class TestBucket {
  private static final long PATIENCE_SECONDS = 60;

  private TestBucket() {}

  /** Makes it. Fails where the service does not answer yet. */
  static void make(S3Settings settings) throws Exception {
    try (S3Connection connection = S3Connection.open(settings)) {
      connection
          .client()
          .makeBucket(MakeBucketArgs.builder().bucket(S3Server.BUCKET).build())
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
