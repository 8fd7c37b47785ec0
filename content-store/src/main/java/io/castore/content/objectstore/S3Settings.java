package io.castore.content.objectstore;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an S3 service. Start from {@link #DEFAULTS} or {@link #at} and change what differs.
 *
 * <p>Without keys, they are taken from the environment at the time a store is opened: {@code
 * AWS_ACCESS_KEY_ID} with {@code AWS_SECRET_ACCESS_KEY} and maybe {@code AWS_SESSION_TOKEN}, else
 * {@code MINIO_ACCESS_KEY} with {@code MINIO_SECRET_KEY}, else the profile of {@code
 * ~/.aws/credentials} that {@code AWS_PROFILE} names. Where there are none of these, requests are
 * anonymous.
 *
 * @param endpoint an http or https URL without a path
 * @param region which requests are signed for; not empty
 * @param accessKey null to take both keys from the environment
 * @param secretKey null exactly where the access key is; never part of any text that this makes
 * @param addressing where a request names the bucket
 * @param connectTimeout for making a connection; above zero
 * @param readTimeout for the next bytes of an answer; above zero
 * @param writeTimeout for the next bytes of a request; above zero
 * @param attemptTimeout for one request and its answer as a whole, other than the bytes of an
 *     object that is read; above zero
 * @param attempts how often one request is tried at most, 1 to {@value #MOST_ATTEMPTS}
 */
public record S3Settings(
    URI endpoint,
    String region,
    @Nullable String accessKey,
    @Nullable String secretKey,
    Addressing addressing,
    Duration connectTimeout,
    Duration readTimeout,
    Duration writeTimeout,
    Duration attemptTimeout,
    int attempts) {

  /** Where a request names the bucket. */
  public enum Addressing {
    /** In the host's name for the services of Amazon and Alibaba, in the path for all others. */
    AUTOMATIC,
    /** In the path: {@code https://endpoint/bucket/key}. */
    PATH,
    /** In the host's name: {@code https://bucket.endpoint/key}. */
    HOST
  }

  /** Most attempts that can be set. */
  public static final int MOST_ATTEMPTS = 100;

  /** Pause before the second attempt, on average; every further one is twice as long. */
  static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** Longest pause between two attempts. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Amazon's service, keys from the environment, five attempts within some minutes. */
  public static final S3Settings DEFAULTS =
      new S3Settings(
          URI.create("https://s3.amazonaws.com"),
          "us-east-1",
          null,
          null,
          Addressing.AUTOMATIC,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          5);

  /**
   * Checks all values.
   *
   * @throws IllegalArgumentException naming the value that is not legal
   */
  public S3Settings {
    boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    String path = endpoint.getPath();
    boolean bare =
        (path == null || path.isEmpty() || path.equals("/"))
            && endpoint.getQuery() == null
            && endpoint.getUserInfo() == null;
    if (!http || !bare || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "S3 endpoint: "
              + withoutUser(endpoint)
              + " (expected: http://host:port or https://host:port, without a path or"
              + " credentials)");
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException("S3 region: \"\" (expected: a name such as us-east-1)");
    }
    if ((accessKey == null) != (secretKey == null)) {
      throw new IllegalArgumentException(
          "S3 keys: only the "
              + (accessKey == null ? "secret" : "access")
              + " key is set (expected: both, or none)");
    }
    if ((accessKey != null && accessKey.isEmpty()) || (secretKey != null && secretKey.isEmpty())) {
      throw new IllegalArgumentException(
          "S3 keys: one is empty (expected: both with a value, or none)");
    }
    requireAboveZero("connect", connectTimeout);
    requireAboveZero("read", readTimeout);
    requireAboveZero("write", writeTimeout);
    requireAboveZero("attempt", attemptTimeout);
    if (attempts < 1 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "S3 attempts: " + attempts + " (expected: 1 to " + MOST_ATTEMPTS + ")");
    }
  }

  private static void requireAboveZero(String name, Duration timeout) {
    if (timeout.toMillis() <= 0 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "S3 " + name + " timeout: " + timeout + " (expected: 1 ms to 24 days)");
    }
  }

  private static String withoutUser(URI endpoint) {
    return endpoint.toString().replaceFirst("//[^/]*@", "//***@").replaceFirst("\\?.*", "?***");
  }

  /** Gives the defaults for a service elsewhere. */
  public static S3Settings at(URI endpoint) {
    return DEFAULTS.withEndpoint(endpoint);
  }

  /** Gives the same with another endpoint. */
  public S3Settings withEndpoint(URI newEndpoint) {
    return new S3Settings(
        newEndpoint,
        region,
        accessKey,
        secretKey,
        addressing,
        connectTimeout,
        readTimeout,
        writeTimeout,
        attemptTimeout,
        attempts);
  }

  /** Gives the same with another region. */
  public S3Settings withRegion(String newRegion) {
    return new S3Settings(
        endpoint,
        newRegion,
        accessKey,
        secretKey,
        addressing,
        connectTimeout,
        readTimeout,
        writeTimeout,
        attemptTimeout,
        attempts);
  }

  /** Gives the same with other keys. */
  public S3Settings withKeys(@Nullable String newAccessKey, @Nullable String newSecretKey) {
    return new S3Settings(
        endpoint,
        region,
        newAccessKey,
        newSecretKey,
        addressing,
        connectTimeout,
        readTimeout,
        writeTimeout,
        attemptTimeout,
        attempts);
  }

  /** Gives the same with another addressing. */
  public S3Settings withAddressing(Addressing newAddressing) {
    return new S3Settings(
        endpoint,
        region,
        accessKey,
        secretKey,
        newAddressing,
        connectTimeout,
        readTimeout,
        writeTimeout,
        attemptTimeout,
        attempts);
  }

  /** Gives the same with other timeouts. */
  public S3Settings withTimeouts(
      Duration connect, Duration read, Duration write, Duration attempt) {
    return new S3Settings(
        endpoint,
        region,
        accessKey,
        secretKey,
        addressing,
        connect,
        read,
        write,
        attempt,
        attempts);
  }

  /** Gives the same with another timeout for one attempt as a whole, and none longer within it. */
  public S3Settings withAttemptTimeout(Duration attempt) {
    return withTimeouts(
        min(connectTimeout, attempt),
        min(readTimeout, attempt),
        min(writeTimeout, attempt),
        attempt);
  }

  /** Gives the same with another number of attempts. */
  public S3Settings withAttempts(int newAttempts) {
    return new S3Settings(
        endpoint,
        region,
        accessKey,
        secretKey,
        addressing,
        connectTimeout,
        readTimeout,
        writeTimeout,
        attemptTimeout,
        newAttempts);
  }

  /**
   * Tells how long a call of one request can take at the most, with all its attempts and pauses: a
   * deadline that a caller sets round it must be longer.
   */
  public Duration longestCall() {
    Duration longest = attemptTimeout.multipliedBy(attempts);
    Duration pause = FIRST_PAUSE;
    for (int retry = 1; retry < attempts; retry++) {
      // A pause is up to half as long again as its average.
      longest = longest.plus(min(pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE));
      pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
    }
    return longest;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Gives all settings but the secret key. */
  @Override
  public String toString() {
    return "S3Settings[endpoint="
        + endpoint
        + ", region="
        + region
        + ", accessKey="
        + accessKey
        + ", secretKey="
        + (secretKey == null ? "null" : "***")
        + ", addressing="
        + addressing
        + ", connectTimeout="
        + connectTimeout
        + ", readTimeout="
        + readTimeout
        + ", writeTimeout="
        + writeTimeout
        + ", attemptTimeout="
        + attemptTimeout
        + ", attempts="
        + attempts
        + "]";
  }
}
