package io.castore.query.console;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.EncodingService;
import com.linecorp.armeria.server.file.HttpFile;
import io.castore.content.digest.Blake3;
import io.castore.query.ServicePart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * Serves the console: a page ({@code GET /}) and the files that it is made of ({@code
 * /console/...}). They hold no data, and all may have them; what the page shows it asks for like
 * any other client.
 *
 * <p>Nothing but these files may run or show in the page, and no other page may show it: see the
 * {@code Content-Security-Policy}.
 */
public final class ConsoleFiles implements ServicePart {
  private static final String PAGE = "index.html";
  private static final List<String> FILES =
      List.of(
          "console.css",
          "icon.svg",
          "app.js",
          "api.js",
          "bar.js",
          "charts.js",
          "digest.js",
          "digests.js",
          "dom.js",
          "events.js",
          "format.js",
          "now.js",
          "reports.js",
          "token.js",
          "upload.js",
          "uploads.js");

  private static final String CHARTS = "META-INF/resources/webjars/uplot/%s/dist/%s";
  private static final String CHARTS_VERSION =
      "META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final List<String> CHART_FILES = List.of("uPlot.esm.js", "uPlot.min.css");

  private static final Map<String, MediaType> TYPES =
      Map.of(
          "html", MediaType.HTML_UTF_8,
          "css", MediaType.CSS_UTF_8,
          "js", MediaType.JAVASCRIPT_UTF_8,
          "svg", MediaType.SVG_UTF_8);

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  /**
   * Reads the files from the class path.
   *
   * @throws IllegalStateException if one is not there
   */
  public ConsoleFiles() {
    contents.put("/", ofConsole(PAGE));
    for (String file : FILES) {
      contents.put("/console/" + file, ofConsole(file));
    }
    String version = versionOfCharts();
    for (String file : CHART_FILES) {
      contents.put("/console/" + file, read(CHARTS.formatted(version, file)));
    }
  }

  @Override
  public void addTo(ServerBuilder server) {
    contents.forEach(
        (path, content) ->
            server
                .route()
                .get(path)
                .head(path)
                .decorator(EncodingService.newDecorator())
                .build(service(path, content)));
  }

  private static HttpService service(String path, byte[] content) {
    String tag = Blake3.hash(content).toHex();
    String name = path.equals("/") ? PAGE : path;
    return HttpFile.builder(HttpData.wrap(content))
        .lastModified(false)
        .entityTag((file, attributes) -> tag)
        .contentType(Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1))))
        // Asked for again each time, and mostly answered with 304: there are no old files then.
        .cacheControl("no-cache")
        .setHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .setHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
        .setHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
        .setHeader("cross-origin-opener-policy", "same-origin")
        .setHeader("cross-origin-resource-policy", "same-origin")
        .build()
        .asService();
  }

  private static byte[] ofConsole(String file) {
    return read(ConsoleFiles.class.getPackageName().replace('.', '/') + '/' + file);
  }

  private static String versionOfCharts() {
    Properties properties = new Properties();
    try (InputStream in = open(CHARTS_VERSION)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(properties.getProperty("version"));
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = ConsoleFiles.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return in;
  }
}
