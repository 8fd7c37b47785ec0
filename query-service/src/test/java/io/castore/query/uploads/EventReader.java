package io.castore.query.uploads;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that reads server-sent events as they come. */
final class EventReader implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int comments;

  record Event(String id, String name, String data) {}

  private EventReader(HttpResponse<InputStream> response) {
    this.response = response;
    Thread reader = new Thread(this::read, "event-reader");
    reader.setDaemon(true);
    reader.start();
  }

  static EventReader open(HttpClient client, URI uri) throws IOException, InterruptedException {
    return new EventReader(
        client.send(
            HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream()));
  }

  private void read() {
    String[] fields = {"", "", ""};
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line, fields);
      }
      ended.countDown();
    } catch (IOException cut) {
      // Not a good end.
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread alone counts.
  private void take(String line, String[] fields) {
    if (line.startsWith(":")) {
      comments++;
    } else if (line.startsWith("id:")) {
      fields[0] = line.substring(3);
    } else if (line.startsWith("event:")) {
      fields[1] = line.substring(6);
    } else if (line.startsWith("data:")) {
      fields[2] = line.substring(5);
    } else if (line.isEmpty() && !fields[1].isEmpty()) {
      events.add(new Event(fields[0], fields[1], fields[2]));
      fields[1] = "";
    }
  }

  HttpResponse<?> response() {
    return response;
  }

  Event next() throws InterruptedException {
    return Objects.requireNonNull(events.poll(1, TimeUnit.MINUTES), "nothing came");
  }

  /** Waits for the stream to end as it should. */
  boolean ends() throws InterruptedException {
    return ended.await(1, TimeUnit.MINUTES);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  int comments() {
    return comments;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
