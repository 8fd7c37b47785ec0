package io.castore.content.objectstore;

import static org.awaitility.Awaitility.await;

import io.minio.PutObjectArgs;
import io.minio.SetBucketNotificationArgs;
import io.minio.messages.NotificationConfiguration;
import io.minio.messages.NotificationConfiguration.QueueConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real MinIO server in a process of its own, which keeps its objects in a temporary directory.
 * Safe for use by many threads.
 */
public final class MinioServer implements S3Server {
  private static final String ACCESS_KEY = "minio-access";
  private static final String SECRET_KEY = "minio-secret";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final Process process;
  private final Thread killAtExit;
  private final URI endpoint;

  private MinioServer(Path directory, Process process, URI endpoint) {
    this.directory = directory;
    this.process = process;
    this.endpoint = endpoint;
    killAtExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killAtExit);
  }

  /**
   * Finds the program that {@value S3Server#MINIO_VARIABLE} names, if it names one.
   *
   * @throws IllegalStateException if it cannot be run
   */
  public static Optional<Path> program() {
    Optional<Path> named =
        Optional.ofNullable(System.getenv(MINIO_VARIABLE))
            .filter(name -> !name.isBlank())
            .map(Path::of);
    named
        .filter(path -> !Files.isExecutable(path))
        .ifPresent(
            path -> {
              throw new IllegalStateException(
                  "%s: %s (expected: the program of a MinIO server)"
                      .formatted(MINIO_VARIABLE, path));
            });
    return named;
  }

  /** Starts a server that sends no events. */
  public static MinioServer start(Path program) {
    return start(program, Map.of());
  }

  /**
   * Starts a server.
   *
   * @param settings variables of its environment, such as those of a target for events
   */
  public static MinioServer start(Path program, Map<String, String> settings) {
    try {
      Path directory = Files.createTempDirectory("minio-");
      int port = freePort();
      ProcessBuilder command =
          new ProcessBuilder(
              program.toString(),
              "server",
              "--quiet",
              "--address",
              "127.0.0.1:" + port,
              "--console-address",
              "127.0.0.1:" + freePort(),
              directory.resolve("data").toString());
      Map<String, String> variables = command.environment();
      variables.keySet().removeIf(name -> name.startsWith("MINIO_"));
      variables.put("MINIO_ROOT_USER", ACCESS_KEY);
      variables.put("MINIO_ROOT_PASSWORD", SECRET_KEY);
      variables.put("MINIO_UPDATE", "off");
      variables.put("HOME", directory.toString());
      variables.putAll(settings);
      Process process =
          command
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      MinioServer started =
          new MinioServer(directory, process, URI.create("http://127.0.0.1:" + port));
      started.awaitBucket();
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void awaitBucket() {
    try {
      await("the bucket of " + this)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .failFast(() -> !process.isAlive())
          .until(
              () -> {
                TestBucket.make(settings());
                return true;
              });
    } catch (RuntimeException notStarted) {
      String log = log();
      close();
      throw new IllegalStateException("the MinIO server did not start: " + log, notStarted);
    }
  }

  /**
   * Has the bucket send an event for each object that is written.
   *
   * @param target its name, such as {@code CASTORE} of {@code MINIO_NOTIFY_KAFKA_ENABLE_CASTORE}
   */
  public void sendEventsTo(String target) throws Exception {
    QueueConfiguration queue =
        new QueueConfiguration(
            "arn:minio:sqs::%s:kafka".formatted(target), null, List.of("s3:ObjectCreated:*"), null);
    try (S3Connection connection = S3Connection.open(settings())) {
      connection
          .client()
          .setBucketNotification(
              SetBucketNotificationArgs.builder()
                  .bucket(BUCKET)
                  .config(new NotificationConfiguration(null, List.of(queue), null, null))
                  .build())
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Puts an object into the bucket. Its key may be any, unlike those of a store. */
  public void put(String key, byte[] content) throws Exception {
    try (S3Connection connection = S3Connection.open(settings())) {
      connection
          .client()
          .putObject(
              PutObjectArgs.builder()
                  .bucket(BUCKET)
                  .object(key)
                  .data(content, content.length)
                  .build())
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Override
  public URI endpoint() {
    return endpoint;
  }

  @Override
  public S3Settings settings() {
    return S3Server.settings(endpoint, ACCESS_KEY, SECRET_KEY);
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the MinIO server does not end");
      }
      Runtime.getRuntime().removeShutdownHook(killAtExit);
      ServerFiles.delete(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "MinIO at " + endpoint;
  }
}
