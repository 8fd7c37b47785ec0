package io.castore.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console, in a browser, of a service in a process of its own. */
final class ConsoleTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path SCREENSHOTS = Path.of("target", "console");
  private static final byte[] FIRST = Contents.random(9_000_000, 1);
  private static final byte[] SECOND = withHeadOf(FIRST, Contents.random(3_000_000, 2));
  private static final byte[] PART = Contents.random(2_000_000, 3);

  @TempDir private static Path directory;

  private static ConsoleBrowser browser;
  private static CastoreProcess serve;
  private static URI url;

  @BeforeAll
  static void serve() throws Exception {
    browser = ConsoleBrowser.startOrSkip();
    PlaywrightAssertions.setDefaultAssertionTimeout((double) PATIENCE.toMillis());
    serve = Castore.in(directory).start("serve", "--port", "0");
    url = serve.awaitUrl();
    awaitReady(url);
    put("file:///data/first", FIRST);
    put("file:///data/second", SECOND);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser == null) {
      return;
    }
    browser.close();
    serve.signal("TERM");
    CommandResult served = serve.awaitEnd().endedWith(128 + 15);
    serve.close();
    assertThat(browser.faults()).isEmpty();
    assertThat(served.err()).doesNotContain("ERROR").doesNotContain("Exception");
  }

  @Test
  void shouldShowAnUploadFromItsBeginningToItsEnd() throws Exception {
    Page page = browser.open(url, "");
    try (SlowUpload upload = SlowUpload.begin(url, "file:///data/slow", PART)) {
      Locator row = row(page, "file:///data/slow");
      assertThat(row).containsText("Open");
      assertThat(row).containsText(Pattern.compile("[1-9]\\.[0-9] MB"));
      assertThat(page.locator("#connection")).hasText("Live");
      assertThat(
              page.locator(".figures div")
                  .filter(new Locator.FilterOptions().setHasText("Under way"))
                  .locator("dd")
                  .first())
          .not()
          .hasText("0");
      assertThat(page.locator(".plot").first())
          .hasAttribute("aria-label", Pattern.compile("Throughput, at .*Came [0-9]"));
      assertThat(row(page, "chunker")).containsText("Running");
      screenshot(page, "now-running");

      upload.end();

      assertThat(row).containsText("Complete");
    }
    page.context().close();
  }

  @Test
  void shouldTellWhyAndWhenAnUploadFailed() throws Exception {
    Page page = browser.open(url, "#/uploads");
    page.getByLabel("Source starts with").fill("file:///data/gone");
    try (SlowUpload upload = SlowUpload.begin(url, "file:///data/gone", PART)) {
      showUntil(page, row(page, "file:///data/gone"));
      assertThat(row(page, "file:///data/gone")).containsText(Pattern.compile("[1-9]\\.[0-9] MB"));

      upload.giveUp();
    }
    // The row that is there changes by itself.
    assertThat(row(page, "file:///data/gone")).containsText("Aborted");
    page.getByLabel("State").selectOption("ABORTED");
    showUntil(page, row(page, "file:///data/gone"));
    row(page, "file:///data/gone").getByRole(AriaRole.LINK).click();

    assertThat(page.getByRole(AriaRole.HEADING, level(1))).hasText("file:///data/gone");
    assertThat(page.locator(".notice").last()).containsText("Aborted: nothing was published");
    assertThat(page.locator(".timeline li").first()).containsText("Opened");
    assertThat(page.locator(".timeline")).containsText("First chunk stored");
    assertThat(page.locator(".timeline li").last()).containsText("Aborted");
    screenshot(page, "upload-aborted");
    assertThat(violations(page)).isEmpty();
    page.context().close();
  }

  @Test
  void shouldShowWhatADigestNamesAndWhichBlobsShareItsChunks() throws Exception {
    byte[] digest = Blake3.hash(FIRST).toBytes();
    int chunks = Contents.chunks(FIRST, 1 << 18).size();
    Page page = browser.open(url, "#/digest");
    page.getByLabel("Digest of a blob or a chunk")
        .fill("b3:" + Base64.getEncoder().encodeToString(digest));
    page.keyboard().press("Enter");

    assertThat(page).hasURL(Pattern.compile(".*#/digest/" + Blake3.hash(FIRST).toHex()));
    assertThat(page.locator(".facts")).containsText("A blob");
    assertThat(page.locator(".facts")).containsText("9,000,000 bytes");
    Locator shared = page.getByRole(AriaRole.REGION, named("Blobs that share chunks"));
    assertThat(shared).containsText("file:///data/second");
    assertThat(page.getByText("that uploads have made")).isVisible();
    assertThat(page.getByRole(AriaRole.IMG))
        .hasAttribute(
            "aria-label", Pattern.compile(chunks + " chunks .* [1-9][0-9]* also in other blobs.*"));
    page.getByText("As a table").click();
    assertThat(page.getByRole(AriaRole.REGION, named("Chunks")).locator("tbody tr"))
        .hasCount(chunks);
    screenshot(page, "digest");

    Download download =
        page.waitForDownload(() -> page.getByRole(AriaRole.LINK, named("Download")).click());
    try (InputStream in = download.createReadStream()) {
      assertThat(in.readAllBytes()).isEqualTo(FIRST);
    }
    shared.getByRole(AriaRole.LINK).click();
    assertThat(page.locator(".facts")).containsText(Blake3.hash(SECOND).toHex());
    page.context().close();
  }

  @Test
  void shouldSayThatADigestIsUnknownOrNone() {
    Page page = browser.open(url, "#/digest/" + "0".repeat(64));
    assertThat(page.getByRole(AriaRole.ALERT).last()).containsText("neither a blob nor a chunk");

    page.getByLabel("Digest of a blob or a chunk").fill("xyz");
    page.keyboard().press("Enter");

    assertThat(page.locator("#digest-error")).containsText("This is no digest");
    assertThat(page.getByLabel("Digest of a blob or a chunk")).isFocused();
    page.context().close();
  }

  @Test
  void shouldShowTheFirstChunksWhereThereAreVeryMany() {
    String chunks =
        IntStream.range(0, 20_010)
            .mapToObj("{\"digest\":\"%1$064x\",\"offset\":%1$d,\"size\":1}"::formatted)
            .collect(Collectors.joining(","));
    Page page = browser.open(url, "");
    page.route(
        "**/chunks",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"size\":20010,\"chunks\":[" + chunks + "]}")));

    page.navigate("/#/digest/" + Blake3.hash(FIRST).toHex());

    assertThat(page.locator(".facts")).containsText("more than 20,000");
    assertThat(page.getByText("The first 20,000 chunks")).isVisible();
    page.getByText("As a table").click();
    assertThat(page.getByText("1 to 100 of 20,000")).isVisible();
    page.context().close();
  }

  @Test
  void shouldTellThatTheConnectionIsLostAndConnectAgain() {
    Page page = browser.open(url, "");
    assertThat(page.locator("#connection")).hasText("Live");

    page.route("**/uploads/events", Route::abort);
    page.reload();

    assertThat(page.locator("#connection")).containsText("Connection lost");
    assertThat(page.locator("#announcer")).containsText("Connection lost");
    page.unroute("**/uploads/events");
    assertThat(page.locator("#connection")).hasText("Live");
    assertThat(page.locator("#announcer")).containsText("Connected again");
    page.context().close();
  }

  @Test
  void shouldBeUsedWithTheKeyboardAlone() {
    Page page = browser.open(url, "");
    assertThat(row(page, "file:///data/first")).isVisible();
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to the content")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("main")).isFocused();

    page.reload();
    tabTo(page, page.getByRole(AriaRole.LINK, named("Uploads")).first());
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.HEADING, level(1))).isFocused();
    tabTo(page, page.getByLabel("Source starts with"));
    page.keyboard().type("file:///data/first");
    page.keyboard().press("Enter");
    Locator upload = page.getByRole(AriaRole.LINK, named("file:///data/first"));
    assertThat(page.locator("tbody tr")).hasCount(1);
    tabTo(page, upload);
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.HEADING, level(1))).isFocused();
    Locator digest = page.locator("a.digest");
    assertThat(digest).isVisible();
    tabTo(page, digest);
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.REGION, named("Blobs that share chunks"))).isVisible();
    tabTo(page, page.getByText("As a table"));
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.REGION, named("Chunks"))).isVisible();
    page.context().close();
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 400", "DARK, 400"})
  void shouldHaveNoFaultThatAxeFinds(ColorScheme scheme, int width) throws IOException {
    List<String> views =
        List.of("", "#/uploads", "#/digest/" + Blake3.hash(FIRST).toHex(), "#/checks", "#/nothing");
    for (String view : views) {
      Page page = browser.open(url, view, scheme, width);
      assertThat(page.getByRole(AriaRole.HEADING, level(1))).isVisible();
      if (view.startsWith("#/digest")) {
        assertThat(page.getByText("that uploads have made")).isVisible();
      } else if (view.isEmpty()) {
        assertThat(row(page, "indexer")).isVisible();
      } else if (!view.equals("#/nothing")) {
        assertThat(page.locator(view.equals("#/checks") ? ".report" : "tbody tr").first())
            .isVisible();
      }
      String name = view.isEmpty() ? "now" : view.split("/", -1)[1];
      screenshot(page, name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));

      assertThat(violations(page)).as("%s, %s, %d", view, scheme, width).isEmpty();
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .as("%s fits into %d", view, width)
          .isEqualTo(true);
      page.context().close();
    }
  }

  @Test
  void shouldAskForATokenWhereTheServiceDoes(@TempDir Path guarded) throws Exception {
    Castore castore = Castore.in(guarded);
    String token =
        castore
            .run("token", "console", "--scopes", "read", "--file", "tokens")
            .endedWith(0)
            .lines()
            .get(0);
    try (CastoreProcess service =
        castore.with("CASTORE_SERVER_TOKENS_FILE", "tokens").start("serve", "--port", "0")) {
      URI at = service.awaitUrl();
      awaitReady(at);
      Page page = browser.open(at, "");
      Locator dialog = page.getByRole(AriaRole.DIALOG);
      assertThat(dialog).isVisible();
      screenshot(page, "token");
      assertThat(violations(page)).isEmpty();
      page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill("castore_wrong");
      page.keyboard().press("Enter");
      assertThat(dialog).containsText("does not know this token");

      page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill(token);
      page.keyboard().press("Enter");

      assertThat(dialog).isHidden();
      assertThat(page.locator("#connection")).hasText("Live");
      assertThat(row(page, "chunker")).isVisible();
      page.getByRole(AriaRole.BUTTON, named("Forget the token")).click();
      assertThat(dialog).isVisible();
      page.context().close();
    }
  }

  /** Names what axe-core finds, by WCAG 2.1 AA and its own best practices. */
  private static String violations(Page page) throws IOException {
    try (InputStream axe =
        Objects.requireNonNull(ConsoleTest.class.getResourceAsStream("/axe.min.js"))) {
      page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    return (String)
        page.evaluate(
            """
            async () => {
              const {violations} = await axe.run();
              return violations
                .map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).join(' '))
                .join('\\n');
            }
            """);
  }

  private static void tabTo(Page page, Locator target) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              page.keyboard().press("Tab");
              return target.evaluate("element => element === document.activeElement").equals(true);
            });
  }

  private static void showUntil(Page page, Locator wanted) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              page.getByRole(AriaRole.BUTTON, named("Show")).click();
              return wanted.isVisible();
            });
  }

  private static Locator row(Page page, String text) {
    return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text)).first();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.GetByRoleOptions level(int level) {
    return new Page.GetByRoleOptions().setLevel(level);
  }

  private static void screenshot(Page page, String name) {
    byte[] unused =
        page.screenshot(
            new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
  }

  private static byte[] withHeadOf(byte[] head, byte[] tail) {
    byte[] content = new byte[head.length / 2 + tail.length];
    System.arraycopy(head, 0, content, 0, head.length / 2);
    System.arraycopy(tail, 0, content, head.length / 2, tail.length);
    return content;
  }

  private static void awaitReady(URI service) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                HTTP.send(
                            HttpRequest.newBuilder(service.resolve("/health/ready")).build(),
                            BodyHandlers.discarding())
                        .statusCode()
                    == 200);
  }

  private static void put(String source, byte[] content) throws Exception {
    HttpResponse<String> put =
        HTTP.send(
            HttpRequest.newBuilder(url.resolve("/blobs"))
                .header("Castore-Source", source)
                .timeout(PATIENCE)
                .PUT(BodyPublishers.ofByteArray(content))
                .build(),
            BodyHandlers.ofString());
    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
  }
}
