package io.castore.content.objectstore;

import io.minio.GetObjectArgs;
import io.minio.HeadObjectArgs;
import io.minio.ListObjectsV2Args;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.messages.Item;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects in a bucket of an S3 service. An object is durable when the service has
 * acknowledged it. Needs conditional writes of the service ({@code If-None-Match: *}, also where a
 * multipart upload is completed) for {@link #putIfAbsent}.
 *
 * <p>A write holds one part in memory, {@value S3Writes#PART_BYTES} bytes or the body if it is
 * smaller; a read or a listing holds next to nothing. A request that fails for a reason that may
 * pass is made again, as often as {@link S3Settings#attempts} says, and every such pause is logged
 * as a warning. A body that breaks off while it is read is not: the reader gets an {@link
 * IOException}.
 *
 * <p>Safe for use by many threads. A thread waits for its request also when interrupted, for {@link
 * S3Settings#attemptTimeout} at the most; the pauses between attempts end at once.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PAGE = 1000;

  private final StoreUrl.S3 url;
  private final String prefix;
  private final S3Connection connection;
  private final MinioAsyncClient client;
  private final S3Calls calls;
  private final S3Writes writes;

  private S3ObjectStore(StoreUrl.S3 url, S3Settings settings, S3Connection connection) {
    this.url = url;
    this.prefix = url.prefix().isEmpty() ? "" : url.prefix() + "/";
    this.connection = connection;
    this.client = connection.client();
    S3Advice advice = new S3Advice(url.bucket(), settings, connection.isAnonymous());
    this.calls = new S3Calls(url.toString(), settings, advice);
    this.writes = new S3Writes(client, url.bucket(), calls, connection.isAnonymous());
  }

  /** Opens a bucket, or a part of it, without asking the service anything. */
  public static S3ObjectStore open(StoreUrl.S3 url, S3Settings settings) {
    return new S3ObjectStore(url, settings, S3Connection.open(settings));
  }

  @Override
  public String url() {
    return url.toString();
  }

  /** {@inheritDoc} Lists one object, which needs the bucket, good keys and the right to list. */
  @Override
  public void probe() throws IOException {
    page("open", "", null, 1);
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    String name = nameOf(key);
    return calls.callUnless(
        S3Error::saysAbsent,
        "read " + key,
        () ->
            client
                .getObject(GetObjectArgs.builder().bucket(url.bucket()).object(name).build())
                .thenApply(InputStream.class::cast));
  }

  /** {@inheritDoc} Asks for a range, so that no more than it is sent. */
  @Override
  public Optional<byte[]> readStart(String key, int length) throws IOException {
    String name = nameOf(key);
    AtomicBoolean empty = new AtomicBoolean();
    Optional<InputStream> start =
        calls.callUnless(
            error -> {
              empty.set(error.saysOutOfRange());
              return empty.get() || error.saysAbsent();
            },
            "read " + key,
            () ->
                client
                    .getObject(
                        GetObjectArgs.builder()
                            .bucket(url.bucket())
                            .object(name)
                            .offset(0L)
                            .length((long) length)
                            .build())
                    .thenApply(InputStream.class::cast));
    if (start.isEmpty()) {
      return empty.get() ? Optional.of(new byte[0]) : Optional.empty();
    }
    try (InputStream in = start.get()) {
      return Optional.of(in.readNBytes(length));
    }
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    String name = nameOf(key);
    return calls
        .callUnless(
            S3Error::saysAbsent,
            "look up " + key,
            () ->
                client.headObject(
                    HeadObjectArgs.builder().bucket(url.bucket()).object(name).build()))
        .map(head -> new ObjectInfo(key, head.size(), instantOf(head.lastModified())));
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    writes.put(nameOf(key), key, body, false);
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    return writes.put(nameOf(key), key, body, true);
  }

  /** Takes an object whose time the service keeps to itself for a new one, which nobody removes. */
  private static Instant instantOf(@Nullable ZonedDateTime modified) {
    return modified == null ? Instant.now() : modified.toInstant();
  }

  /**
   * {@inheritDoc} Where the bucket keeps versions, the older ones stay until a rule of the bucket
   * removes them.
   */
  @Override
  public void delete(String key) throws IOException {
    String name = nameOf(key);
    calls.callUnless(
        S3Error::saysAbsent,
        "delete " + key,
        () ->
            client
                .removeObject(RemoveObjectArgs.builder().bucket(url.bucket()).object(name).build())
                .thenApply(nothing -> key));
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    ObjectKeys.requirePrefix(keyPrefix);
    String token = null;
    do {
      ListBucketResultV2 page = page("list " + keyPrefix, keyPrefix, token, PAGE);
      for (Item object : page.contents()) {
        object.setEncodingType(page.encodingType());
        String name = object.objectName();
        if (name.startsWith(prefix) && ObjectKeys.isKey(name.substring(prefix.length()))) {
          visitor.visit(
              new ObjectInfo(
                  name.substring(prefix.length()),
                  object.size(),
                  instantOf(object.lastModified())));
        }
      }
      token = page.isTruncated() ? page.nextContinuationToken() : null;
    } while (token != null);
  }

  private ListBucketResultV2 page(
      String operation, String keyPrefix, @Nullable String token, int size) throws IOException {
    ListObjectsV2Args.Builder request =
        ListObjectsV2Args.builder()
            .bucket(url.bucket())
            .prefix(prefix + keyPrefix)
            .encodingType("url")
            .maxKeys(size);
    if (token != null) {
      request.continuationToken(token);
    }
    ListObjectsV2Args arguments = request.build();
    return calls.call(operation, () -> client.listObjectsV2(arguments)).result();
  }

  @Override
  public void close() {
    connection.close();
  }

  private String nameOf(String key) {
    return prefix + ObjectKeys.require(key);
  }
}
