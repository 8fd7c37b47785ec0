package io.castore.content.objectstore;

import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.HeadObjectArgs;
import io.minio.ListObjectsV2Args;
import io.minio.MinioAsyncClient;
import io.minio.messages.Item;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects of an S3 service, in any of its buckets and whatever their keys are. A request that
 * fails for a reason that may pass is made again, as often as {@link S3Settings#attempts} says. A
 * body that breaks off while it is read is not: the reader gets an {@link IOException}.
 *
 * <p>All methods throw {@link StoreUnavailableException} where the service gives no usable answer,
 * {@link ObjectRefusedException} where it refuses the one object, and {@link StoreRefusedException}
 * where it refuses the caller. A bucket that does not exist has no objects, and cannot be listed.
 *
 * <p>Safe for use by many threads. Memory is that of a page of {@value #PAGE} keys for each
 * listing.
 */
public final class S3Buckets implements AutoCloseable {
  private static final int PAGE = 1000;
  private static final String RIGHTS = "s3:GetObject and, to list, s3:ListBucket";

  private final S3Settings settings;
  private final S3Connection connection;
  private final MinioAsyncClient client;

  private S3Buckets(S3Settings settings, S3Connection connection) {
    this.settings = settings;
    this.connection = connection;
    this.client = connection.client();
  }

  /** Opens a service without asking it anything. */
  public static S3Buckets open(S3Settings settings) {
    return new S3Buckets(settings, S3Connection.open(settings));
  }

  /**
   * An object that is being read.
   *
   * @param object the version that the stream gives
   * @param content its bytes; the caller closes the stream
   */
  public record OpenObject(BucketObject object, InputStream content) {}

  /** Takes objects of a listing. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next one. An exception ends the listing and reaches its caller. */
    void visit(BucketObject object) throws IOException, InterruptedException;
  }

  /** Opens an object; gives nothing where there is none. */
  public Optional<OpenObject> open(String bucket, String key) throws IOException {
    return request(
            bucket,
            key,
            "read",
            () -> client.getObject(GetObjectArgs.builder().bucket(bucket).object(key).build()))
        .map(answer -> opened(key, answer));
  }

  /** Tells of an object; gives nothing where there is none. */
  public Optional<BucketObject> stat(String bucket, String key) throws IOException {
    return request(
            bucket,
            key,
            "look up",
            () -> client.headObject(HeadObjectArgs.builder().bucket(bucket).object(key).build()))
        .map(answer -> described(key, answer.headers()));
  }

  /**
   * Visits the objects whose keys start with a prefix, in the order of the service, which is that
   * of the keys' bytes. What comes or goes meanwhile is visited or not.
   *
   * @param prefix may be empty, and may end anywhere in a key
   */
  public void list(String bucket, String prefix, Visitor visitor)
      throws IOException, InterruptedException {
    S3Calls calls = calls(bucket);
    String token = null;
    do {
      ListBucketResultV2 page = page(calls, bucket, prefix, token);
      for (Item item : page.contents()) {
        item.setEncodingType(page.encodingType());
        visitor.visit(
            new BucketObject(
                item.objectName(),
                item.size(),
                withoutQuotes(item.etag()),
                item.lastModified().toInstant()));
      }
      token = page.isTruncated() ? page.nextContinuationToken() : null;
    } while (token != null);
  }

  private ListBucketResultV2 page(
      S3Calls calls, String bucket, String prefix, @Nullable String token) throws IOException {
    ListObjectsV2Args.Builder request =
        ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).encodingType("url").maxKeys(PAGE);
    if (token != null) {
      request.continuationToken(token);
    }
    ListObjectsV2Args arguments = request.build();
    return calls.call("list " + prefix, () -> client.listObjectsV2(arguments)).result();
  }

  private <T> Optional<T> request(
      String bucket, String key, String verb, Supplier<CompletableFuture<T>> request)
      throws IOException {
    AtomicReference<S3Error> refusal = new AtomicReference<>();
    Optional<T> answer =
        calls(bucket)
            .callUnless(
                error -> {
                  if (error.saysObjectRefused()) {
                    refusal.set(error);
                    return true;
                  }
                  return error.status() == 404;
                },
                verb + " " + key,
                request);
    S3Error refused = refusal.get();
    if (refused != null) {
      throw new ObjectRefusedException(
          "access denied by %s (%s)".formatted(settings.endpoint(), refused));
    }
    return answer;
  }

  private S3Calls calls(String bucket) {
    return new S3Calls(
        "s3://" + bucket,
        settings,
        new S3Advice(bucket, settings, connection.isAnonymous(), RIGHTS));
  }

  private static OpenObject opened(String key, GetObjectResponse answer) {
    return new OpenObject(described(key, answer.headers()), answer);
  }

  private static BucketObject described(String key, Headers headers) {
    String length = headers.get("Content-Length");
    String modified = headers.get("Last-Modified");
    return new BucketObject(
        key,
        length == null ? -1 : Long.parseLong(length),
        withoutQuotes(headers.get("ETag")),
        modified == null
            ? Instant.EPOCH
            : ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
  }

  private static String withoutQuotes(@Nullable String etag) {
    return etag == null ? "" : etag.replace("\"", "");
  }

  @Override
  public void close() {
    connection.close();
  }
}
