package io.castore.content.objectstore;

import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectAPIArgs;
import io.minio.UploadPartArgs;
import io.minio.messages.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes objects to a bucket: in one request where the body is small, in parts otherwise, so that
 * memory is bounded by one part.
 *
 * <p>Goes below the MinIO client's {@code putObject}, which would send {@code If-None-Match} with
 * every part, begin a large body from its start again for one failed part, and spend 3 to 5 seconds
 * of processor time a gigabyte on checksums. Here a body carries a CRC-32C that the service checks,
 * and no SHA-256 in its signature: what a chunk or a list of chunks holds is proved by its digest
 * when it is read.
 *
 * <p>Safe for use by many threads.
 */
final class S3Writes {
  /** Size of a part, and of the largest body that goes in one request. */
  static final int PART_BYTES = 8 << 20;

  /** Most parts of one upload, by S3's rules. */
  private static final int MOST_PARTS = 10_000;

  private static final String CONTENT_TYPE = "application/octet-stream";
  private static final Http.Headers ONLY_IF_ABSENT = new Http.Headers("If-None-Match", "*");

  private final MinioAsyncClient client;
  private final String bucket;
  private final S3Calls calls;
  private final boolean anonymous;

  S3Writes(MinioAsyncClient client, String bucket, S3Calls calls, boolean anonymous) {
    this.client = client;
    this.bucket = bucket;
    this.calls = calls;
    this.anonymous = anonymous;
  }

  /**
   * Writes an object.
   *
   * @param name its key in the bucket, prefix included
   * @param key its key in the store, for messages
   * @return false only where it should be absent and is not
   */
  boolean put(String name, String key, ObjectBody body, boolean onlyIfAbsent) throws IOException {
    try (SizedBody source = SizedBody.open(key, body)) {
      return body.size() <= PART_BYTES
          ? putWhole(name, key, source.readAll(), onlyIfAbsent)
          : putInParts(name, key, source, body.size(), onlyIfAbsent);
    }
  }

  private boolean putWhole(String name, String key, byte[] bytes, boolean onlyIfAbsent)
      throws IOException {
    Http.Headers headers = checksums(bytes, bytes.length);
    if (onlyIfAbsent) {
      headers.putAll(ONLY_IF_ABSENT);
    }
    return calls
        .callUnless(
            error -> onlyIfAbsent && error.saysPresent(),
            "put " + key,
            () ->
                client.putObject(
                    PutObjectAPIArgs.builder()
                        .bucket(bucket)
                        .object(name)
                        .contentType(CONTENT_TYPE)
                        .headers(headers)
                        .data(bytes, bytes.length)
                        .build()))
        .isPresent();
  }

  private boolean putInParts(
      String name, String key, SizedBody source, long size, boolean onlyIfAbsent)
      throws IOException {
    byte[] buffer = new byte[partBytes(key, size)];
    String upload =
        calls
            .call(
                "begin " + key,
                () ->
                    client.createMultipartUpload(
                        CreateMultipartUploadArgs.builder()
                            .bucket(bucket)
                            .object(name)
                            .headers(
                                new Http.Headers(
                                    Http.Headers.CONTENT_TYPE,
                                    CONTENT_TYPE,
                                    "x-amz-checksum-algorithm",
                                    "CRC32C"))
                            .build()))
            .result()
            .uploadId();
    boolean written = false;
    try {
      List<Part> parts = new ArrayList<>();
      for (long left = size; left > 0; left -= buffer.length) {
        int length = source.fill(buffer);
        parts.add(putPart(name, key, upload, parts.size() + 1, buffer, length));
      }
      written = complete(name, key, upload, parts, onlyIfAbsent);
      return written;
    } finally {
      if (!written) {
        calls.tryOnce(
            "abandon the parts of " + key,
            () ->
                client.abortMultipartUpload(
                    AbortMultipartUploadArgs.builder()
                        .bucket(bucket)
                        .object(name)
                        .uploadId(upload)
                        .build()));
      }
    }
  }

  private Part putPart(
      String name, String key, String upload, int number, byte[] buffer, int length)
      throws IOException {
    Http.Headers headers = checksums(buffer, length);
    return calls
        .call(
            "put part " + number + " of " + key,
            () ->
                client.uploadPart(
                    UploadPartArgs.builder()
                        .bucket(bucket)
                        .object(name)
                        .uploadId(upload)
                        .partNumber(number)
                        .headers(headers)
                        .data(buffer, length)
                        .build()))
        .part();
  }

  private boolean complete(
      String name, String key, String upload, List<Part> parts, boolean onlyIfAbsent)
      throws IOException {
    CompleteMultipartUploadArgs.Builder request =
        CompleteMultipartUploadArgs.builder()
            .bucket(bucket)
            .object(name)
            .uploadId(upload)
            .parts(parts.toArray(new Part[0]))
            .maxRetries(1);
    if (onlyIfAbsent) {
      request.extraHeaders(ONLY_IF_ABSENT);
    }
    CompleteMultipartUploadArgs arguments = request.build();
    return calls
        .callUnless(
            error -> onlyIfAbsent && error.saysPresent(),
            "complete " + key,
            () -> client.completeMultipartUpload(arguments))
        .isPresent();
  }

  private static int partBytes(String key, long size) {
    long bytes = Math.max(PART_BYTES, (size + MOST_PARTS - 1) / MOST_PARTS);
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "size of " + key + ": " + size + " bytes (expected: less than 20 TiB)");
    }
    return (int) bytes;
  }

  private Http.Headers checksums(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    Http.Headers headers =
        new Http.Headers(
            "x-amz-checksum-crc32c",
            base64(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array()),
            Http.Headers.X_AMZ_SDK_CHECKSUM_ALGORITHM,
            "CRC32C",
            Http.Headers.X_AMZ_CONTENT_SHA256,
            "UNSIGNED-PAYLOAD");
    if (anonymous) {
      // The MinIO client sends no body without a signature or this.
      headers.put(Http.Headers.CONTENT_MD5, base64(md5(bytes, length)));
    }
    return headers;
  }

  private static byte[] md5(byte[] bytes, int length) {
    try {
      return MessageDigest.getInstance("MD5").digest(Arrays.copyOf(bytes, length));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
