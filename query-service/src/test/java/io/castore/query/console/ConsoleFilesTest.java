package io.castore.query.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ConsoleFilesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern FILE_OF_PAGE = Pattern.compile("(?:src|href)=\"(/console/[^\"]+)\"");
  private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

  private static Server server;

  @BeforeAll
  static void start() {
    ServerBuilder builder = Server.builder().http(0);
    new ConsoleFiles().addTo(builder);
    server = builder.build();
    server.start().join();
  }

  @AfterAll
  static void stop() {
    server.closeAsync().join();
  }

  @Test
  void shouldLetThePageRunAndShowNothingButItsOwnFiles() throws Exception {
    HttpResponse<byte[]> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(text(page))
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=");
  }

  @Test
  void shouldServeEveryFileThatThePageNeedsAndNoOther() throws Exception {
    Set<String> found = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>();
    FILE_OF_PAGE.matcher(text(get("/"))).results().forEach(file -> next.add(file.group(1)));
    while (!next.isEmpty()) {
      String path = next.pop();
      if (found.add(path)) {
        HttpResponse<byte[]> file = get(path);
        assertThat(file.statusCode()).as(path).isEqualTo(200);
        Matcher imports = IMPORT.matcher(text(file));
        while (imports.find()) {
          next.add("/console/" + imports.group(1));
        }
      }
    }

    Set<String> served = new TreeSet<>();
    server.serviceConfigs().forEach(service -> served.add(service.route().patternString()));
    served.remove("/");
    assertThat(found).isEqualTo(served);
    assertThat(get("/console/nothing.js").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldSendAFileOnceWhileItStaysTheSame() throws Exception {
    HttpResponse<byte[]> file = get("/console/app.js");
    String tag = file.headers().firstValue("etag").orElseThrow();
    assertThat(file.headers().firstValue("cache-control")).contains("no-cache");

    HttpResponse<byte[]> again = send(request("/console/app.js").header("If-None-Match", tag));

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void shouldCompressFilesForWhoTakesThat() throws Exception {
    byte[] plain = get("/console/uPlot.esm.js").body();

    HttpResponse<byte[]> compressed =
        send(request("/console/uPlot.esm.js").header("Accept-Encoding", "gzip"));

    assertThat(compressed.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(compressed.body().length).isLessThan(plain.length / 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
  }

  @Test
  void shouldTellOfAFileWithoutSendingIt() throws Exception {
    HttpResponse<byte[]> head = send(request("/").method("HEAD", BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.activeLocalPort() + path));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
