package io.castore.content.objectstore;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * An S3 service on an address of this machine, with one empty bucket, that ends when it is closed.
 *
 * <p>Takes a second or more to start, so share one among the tests of a class and give each test a
 * prefix of its own. Safe for use by many threads.
 */
public interface S3Server extends AutoCloseable {
  /** Name of the bucket that is there from the start. */
  String BUCKET = "castore-test";

  /** The variable that names the program of a MinIO server, for tests to use it. */
  String MINIO_VARIABLE = "CASTORE_TEST_MINIO";

  /** Starts a real MinIO server where there is one, and one in this process elsewhere. */
  static S3Server start() {
    Optional<Path> minio = MinioServer.program();
    return minio.isPresent() ? MinioServer.start(minio.get()) : EmbeddedS3.start();
  }

  /** Gives the address of the service, such as {@code http://127.0.0.1:40321}. */
  URI endpoint();

  /** Gives settings that work with this server, with three attempts and short timeouts. */
  S3Settings settings();

  /** Names the bucket, or the part of it with this prefix, which may be empty. */
  default StoreUrl.S3 url(String prefix) {
    return new StoreUrl.S3(BUCKET, prefix);
  }

  /** Ends it. Its objects are gone. */
  @Override
  void close();

  /** Makes settings with these keys, with three attempts and short timeouts. */
  static S3Settings settings(URI endpoint, String accessKey, String secretKey) {
    return S3Settings.at(endpoint)
        .withKeys(accessKey, secretKey)
        .withTimeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30))
        .withAttempts(3);
  }
}
