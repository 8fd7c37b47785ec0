package io.castore.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A headless Chromium. It is the one that {@code CASTORE_TEST_CHROMIUM} names, or the system's; no
 * browser is ever fetched. Playwright's own part runs in the system's Node.js.
 *
 * <p>Not thread-safe.
 */
final class ConsoleBrowser implements AutoCloseable {
  private static final String VARIABLE = "CASTORE_TEST_CHROMIUM";
  private static final List<String> USUAL_PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** Far more than anything takes, on a machine that does much else. */
  private static final double PATIENCE_MS = 60_000;

  /**
   * Chromium tells of a dialog that was closed with the next frame that it draws. On a busy machine
   * there may be none for minutes, so the page has to do without.
   */
  private static final String NOTHING_IS_TOLD_OF_CLOSED_DIALOGS =
      "addEventListener('close', event => event.stopImmediatePropagation(), true)";

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> faults = new CopyOnWriteArrayList<>();

  private ConsoleBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts it, or has the test skipped where there is none. */
  static ConsoleBrowser startOrSkip() {
    Optional<Path> chromium = chromium();
    assumeTrue(
        chromium.isPresent(),
        "no Chromium: " + VARIABLE + " does not name one, and there is none at " + USUAL_PLACES);
    Optional<Path> node = onPath("node");
    assumeTrue(node.isPresent(), "no Node.js: there is no node on the PATH");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.get().toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(chromium.get()));
    return new ConsoleBrowser(playwright, browser);
  }

  private static Optional<Path> chromium() {
    String named = System.getenv(VARIABLE);
    return (named == null ? USUAL_PLACES.stream() : Stream.of(named))
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens the console as a visitor who was never there. */
  Page open(URI service, String hash, ColorScheme scheme, int width) {
    BrowserContext visitor =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(service.toString())
                .setColorScheme(scheme)
                .setViewportSize(width, 900));
    visitor.setDefaultTimeout(PATIENCE_MS);
    visitor.addInitScript(NOTHING_IS_TOLD_OF_CLOSED_DIALOGS);
    Page page = visitor.newPage();
    page.onPageError(faults::add);
    page.onRequest(
        request -> {
          if (!request.url().startsWith(service.toString())
              && !request.url().startsWith("blob:" + service)) {
            faults.add("another address was asked: " + request.url());
          }
        });
    page.onConsoleMessage(
        message -> {
          // That a request is answered with other than 200 is a matter of the page's, not of ours.
          if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
            faults.add(message.text());
          }
        });
    page.navigate("/" + hash);
    return page;
  }

  /** Opens the console on a wide screen, in light colors. */
  Page open(URI service, String hash) {
    return open(service, hash, ColorScheme.LIGHT, 1280);
  }

  /**
   * What has gone wrong in pages: exceptions, what the browser refused to run or show, and requests
   * to other addresses than the service's own.
   */
  List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
