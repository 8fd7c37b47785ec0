package io.castore.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code castore serve} in a process of its own, with an embedded broker and all roles.
 *
 * <p>Not thread-safe.
 */
final class Service implements AutoCloseable {
  private static final Duration TO_START = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration WATCH_PAUSE = Duration.ofMillis(500);
  private static final Duration TO_ANSWER = Duration.ofSeconds(30);
  private static final Pattern URL = Pattern.compile("serving .* at (https?://[^ ,]+),");

  private final Children children;
  private final Process process;
  private final ProcessWatch watch;
  private final URI url;
  private final Path err;
  private final HttpClient http = HttpClient.newHttpClient();

  private Service(Children children, Process process, ProcessWatch watch, URI url, Path err) {
    this.children = children;
    this.process = process;
    this.watch = watch;
    this.url = url;
    this.err = err;
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @param command its command line
   * @param directory where it runs, and where its log goes
   * @throws IOException if it does not become ready; with what it said
   */
  static Service start(Children children, List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path err = directory.resolve("serve.err");
    Process process = children.start(command, directory, directory.resolve("serve.out"), err);
    long deadline = System.nanoTime() + TO_START.toNanos();
    ProcessWatch watch = ProcessWatch.start(process.pid(), WATCH_PAUSE, ThreadRole::of);
    try {
      URI url = awaitUrl(process, err, deadline);
      Service service = new Service(children, process, watch, url, err);
      while (service.get("/health/ready").statusCode() != 200) {
        pause(process, err, deadline);
      }
      return service;
    } catch (IOException | InterruptedException failed) {
      watch.close();
      throw failed;
    }
  }

  private static URI awaitUrl(Process process, Path err, long deadline)
      throws IOException, InterruptedException {
    Matcher url = URL.matcher(Files.readString(err));
    while (!url.find()) {
      pause(process, err, deadline);
      url = URL.matcher(Files.readString(err));
    }
    return URI.create(url.group(1));
  }

  private static void pause(Process process, Path err, long deadline)
      throws IOException, InterruptedException {
    if (!process.isAlive() || System.nanoTime() > deadline) {
      throw new IOException("castore serve: not ready:%n%s".formatted(Files.readString(err)));
    }
    TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
  }

  /** Follows its process. */
  ProcessWatch watch() {
    return watch;
  }

  /** Where it is reached. */
  URI url() {
    return url;
  }

  /** What it has said so far. */
  String log() throws IOException {
    return Files.readString(err);
  }

  /** Asks for what it tells of itself. */
  Scrape scrape() throws IOException, InterruptedException {
    return Scrape.parse(get("/metrics").body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(url.resolve(path)).timeout(TO_ANSWER).build(),
        BodyHandlers.ofString());
  }

  /** Ends it. */
  void end() throws InterruptedException {
    watch.close();
    children.end(process);
  }

  @Override
  public void close() {
    watch.close();
  }
}
