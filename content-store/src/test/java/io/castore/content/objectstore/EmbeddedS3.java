package io.castore.content.objectstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An S3 service in this process, on a free port of 127.0.0.1, with one empty bucket. It keeps its
 * objects in a temporary directory that goes when it is closed, checks signatures, and does
 * conditional and multipart writes.
 *
 * <p>Starts in one to two seconds, so share one among the tests of a class and give each test a
 * prefix of its own. Safe for use by many threads.
 */
public final class EmbeddedS3 implements S3Server {
  static final String ACCESS_KEY = "embedded-access";
  static final String SECRET_KEY = "embedded-secret";

  private final Path directory;
  private final S3Proxy server;
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final Map<String, Integer> reads = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private EmbeddedS3(Path directory) {
    this.directory = directory;
    BlobStore objects = new CountedReads(new FilesystemNio2BlobStore(directory.toString()));
    objects.createContainer(BUCKET);
    server =
        S3Proxy.builder()
            .blobStore(objects)
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .build();
    server.setBlobStoreLocator(
        (identity, container, key) -> grant(identity, new AccessGrant(SECRET_KEY, objects)));
  }

  /** Starts a server. */
  public static EmbeddedS3 start() {
    try {
      EmbeddedS3 started = new EmbeddedS3(Files.createTempDirectory("embedded-s3-"));
      started.server.start();
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException("the S3 server did not start", failure);
    }
  }

  private @Nullable AccessGrant grant(@Nullable String identity, AccessGrant grant) {
    requests.incrementAndGet();
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw failure(503, "SlowDown", "Reduce your request rate");
    }
    return ACCESS_KEY.equals(identity) ? grant : null;
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  @Override
  public S3Settings settings() {
    return S3Server.settings(endpoint(), ACCESS_KEY, SECRET_KEY);
  }

  /** Answers the next requests with 503 SlowDown, in place of doing what they ask. */
  public void failNext(int count) {
    failing.set(count);
  }

  /** Lets nobody read an object from now on: it answers with 403 AccessDenied. */
  public void refuse(String key) {
    refused.add(key);
  }

  private static AwsServiceException failure(int status, String code, String message) {
    return S3Exception.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }

  /** Tells how many requests have come so far, those that failed included. */
  public int requests() {
    return requests.get();
  }

  /** Tells how often each object was read so far, in whole or in part, by its key. */
  public Map<String, Integer> reads() {
    return Map.copyOf(reads);
  }

  private final class CountedReads extends ForwardingBlobStore {
    private CountedReads(BlobStore objects) {
      super(objects);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
      reads.merge(request.key(), 1, Integer::sum);
      if (refused.contains(request.key())) {
        throw failure(403, "AccessDenied", "Access denied");
      }
      return super.getBlob(request);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
      ServerFiles.delete(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException("the S3 server did not stop", failure);
    }
  }
}
