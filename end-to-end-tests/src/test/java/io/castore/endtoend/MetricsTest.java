package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the dashboard, the alerts and the page of the metrics against what a service tells. */
final class MetricsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:castore|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern SERIES = Pattern.compile("(?m)^([a-zA-Z0-9_]+)[ {]");
  private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE ([a-zA-Z0-9_]+) ");

  /** Told only when it has happened: a service that has just begun may not have collected yet. */
  private static final Set<String> AFTER_EVENTS = Set.of("jvm_gc_pause_seconds_sum");

  @TempDir private static Path directory;

  private static CastoreProcess serve;
  private static String metrics = "";

  @BeforeAll
  static void serveAndIngest() throws Exception {
    Files.createDirectory(directory.resolve("in"));
    serve = Castore.in(directory).start("serve", "--set", "watch.directories=in");
    URI url = serve.awaitUrl();
    serve.awaitUntil("the service", () -> get(url.resolve("/metrics")).contains("castore_watch_"));
    byte[] content = Contents.random(1_500_000, 1);
    String digest = Contents.line(content, "").substring(0, 64);
    HttpRequest put =
        HttpRequest.newBuilder(url.resolve("/blobs/" + digest))
            .PUT(BodyPublishers.ofByteArray(content))
            .build();
    assertThat(HTTP.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    assertThat(get(url.resolve("/blobs/" + digest))).isNotEmpty();
    serve.awaitUntil(
        "the figures of a request and of a commit",
        () -> {
          metrics = get(url.resolve("/metrics"));
          return metrics.contains("castore_server_total_duration_seconds_sum")
              && metrics.contains("castore_ready 1")
              && metrics.contains(
                  "castore_topic_lag_records{role=\"indexer\",topic=\"castore.uploads\"} 0");
        });
  }

  @AfterAll
  static void stop() throws IOException {
    serve.signal("TERM");
    assertThat(serve.awaitEnd().endedWith(128 + 15).err()).doesNotContain("ERROR");
    serve.close();
  }

  private static String get(URI url) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void shouldTellWhatBecameOfAnUpload() {
    assertThat(sum("castore_ingest_read_bytes_total")).isEqualTo(1_500_000);
    assertThat(sum("castore_chunker_raw_bytes_total{outcome=\"stored\"}")).isEqualTo(1_500_000);
    assertThat(sum("castore_chunker_put_seconds_count"))
        .isEqualTo(sum("castore_chunker_chunks_total{outcome=\"stored\"}"))
        .isGreaterThan(2);
    for (String state : List.of("open", "sealed", "complete")) {
      assertThat(sum("castore_uploads_total{state=\"" + state + "\"}")).as(state).isEqualTo(1);
    }
    assertThat(sum("castore_uploads_total")).isEqualTo(3);
    assertThat(sum("castore_upload_duration_seconds_count")).isEqualTo(1);
    assertThat(sum("castore_upload_bytes_total")).isEqualTo(1_500_000);
    assertThat(sum("castore_chunker_puts_in_flight")).isZero();
    assertThat(sum("castore_uploads_in_progress")).isZero();
    assertThat(sum("castore_ready")).isEqualTo(1);
    assertThat(sum("castore_kafka_stream_threads{role=\"chunker\"}")).isEqualTo(2);
    assertThat(sum("castore_state_disk_bytes")).isPositive();
  }

  /** Adds up the series whose text begins so. */
  private static double sum(String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void shouldKnowEveryMetricOfTheDashboard() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(DOCS.resolve("grafana/castore.json").toFile());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(40).allMatch(text -> NAME.matcher(text).find());
    List<String> variables = dashboard.get("templating").findValuesAsText("definition");
    assertExposed(Stream.concat(expressions.stream(), variables.stream()));
    assertThat(
            StreamSupport.stream(dashboard.get("panels").spliterator(), false)
                .filter(panel -> panel.get("type").textValue().equals("row"))
                .map(row -> row.get("title").textValue()))
        .containsExactly("Ingestion", "Storing", "Publishing", "Reading", "Kafka", "JVM");
    assertThat(dashboard.findValues("datasource"))
        .allMatch(source -> source.get("uid").textValue().equals("${datasource}"));
  }

  @Test
  void shouldKnowEveryMetricOfTheAlerts() throws IOException {
    assertExposed(
        rules()
            .map(rule -> rule.get("expr").textValue())
            .filter(expression -> !expression.startsWith("up{")));
  }

  @Test
  void shouldSayWhatToDoAtEachAlert() throws IOException {
    String operate = Files.readString(DOCS.resolve("operate.md"));
    assertThat(rules())
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              String alert = rule.get("alert").textValue();
              assertThat(rule.get("for").textValue()).matches("\\d+[mh]");
              assertThat(rule.get("labels").get("severity").textValue())
                  .isIn("critical", "warning");
              assertThat(rule.get("annotations").get("summary").textValue()).isNotBlank();
              assertThat(rule.get("annotations").get("runbook").textValue())
                  .isEqualTo("docs/operate.md#" + alert.toLowerCase(Locale.ROOT));
              assertThat(operate).containsPattern("(?m)^#+ " + alert + "$");
            });
  }

  private static Stream<JsonNode> rules() throws IOException {
    JsonNode alerts =
        new ObjectMapper(new YAMLFactory())
            .readTree(DOCS.resolve("prometheus/alerts.yml").toFile());
    return StreamSupport.stream(alerts.get("groups").spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.get("rules").spliterator(), false));
  }

  @Test
  void shouldDescribeEveryMetric() throws IOException {
    Set<String> families =
        found(FAMILY, metrics)
            .filter(name -> name.startsWith("castore_") && !name.startsWith("castore_server_"))
            .map(name -> name.replaceFirst("_max$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> described =
        Files.readAllLines(DOCS.resolve("metrics.md")).stream()
            .filter(line -> line.startsWith("| `castore_"))
            .map(line -> line.substring(0, line.indexOf(" | ", 2)))
            .flatMap(cell -> NAME.matcher(cell).results().map(MatchResult::group))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described).isEqualTo(families);
  }

  private static void assertExposed(Stream<String> expressions) {
    Set<String> exposed = found(SERIES, metrics).collect(Collectors.toSet());
    exposed.addAll(AFTER_EVENTS);
    assertThat(
            expressions.flatMap(
                expression -> NAME.matcher(expression).results().map(MatchResult::group)))
        .isNotEmpty()
        .isSubsetOf(exposed);
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }
}
