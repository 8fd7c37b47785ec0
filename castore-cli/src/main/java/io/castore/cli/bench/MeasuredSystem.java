package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A new system with its service in a process of its own, for measurements that bench has not. Its
 * processes have the options of the JVM that this one has, and its class path, with the commands on
 * it. Figures have the names that they have in what bench writes.
 *
 * <p>Not thread-safe, but for {@link #close}.
 */
public final class MeasuredSystem implements AutoCloseable {
  private static final Pattern KAFKA = Pattern.compile("with Kafka at ([^ \n]+)");

  private final Children children = new Children();
  private final Meter meter = new Meter(children, Runtime.getRuntime().availableProcessors());
  private final Installation system;
  private final Consumer<String> progress;
  private Optional<Service> service = Optional.empty();

  private MeasuredSystem(Path directory, List<String> settings, Consumer<String> progress) {
    system = new Installation(new CastoreCommands(settings), children, directory, "");
    this.progress = progress;
  }

  /**
   * Makes one, which does not run yet.
   *
   * @param directory where it is to be; it makes no others, and deletes nothing
   * @param settings options of all commands, such as {@code --set} and what follows it
   * @param progress takes a line for each thing that was done
   */
  public static MeasuredSystem open(
      Path directory, List<String> settings, Consumer<String> progress) throws IOException {
    return new MeasuredSystem(
        Files.createDirectories(directory.resolve("system")).toRealPath(), settings, progress);
  }

  /**
   * Starts its service, and waits until it is ready.
   *
   * @return what that took
   * @throws IOException if it does not become ready; with what it said
   */
  public Map<String, Double> start() throws IOException, InterruptedException {
    Meter.Started started = meter.measure(system::serve);
    service = Optional.of(started.service());
    return told("start", started.used().figures(0, 0));
  }

  /**
   * Tells where its broker is, which runs as long as the service.
   *
   * @throws IOException if the service did not say
   */
  public String bootstrapServers() throws IOException {
    Matcher kafka = KAFKA.matcher(running().log());
    if (!kafka.find()) {
      throw new IOException("castore serve: no address of Kafka in what it said");
    }
    return kafka.group(1);
  }

  /**
   * Has the service ingest files that do not count, until its code is compiled.
   *
   * @param like what is measured with afterwards
   */
  public void warmUp(Corpus like) throws IOException, InterruptedException {
    Figures unused = new WarmUp(system, running(), like, false, progress).run();
  }

  /**
   * Ingests directories at the same time, each in a process of its own. The most memory of a
   * command is that of the one that had most.
   *
   * @throws IOException if one of them fails; with what it said
   */
  public Map<String, Double> ingest(List<Corpus> parts) throws IOException, InterruptedException {
    List<Meter.Command> commands = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (Corpus part : parts) {
      commands.add(
          new Meter.Command(
              "castore ingest",
              system.line("ingest", "--quiet", part.name()),
              part.directory(),
              list(part),
              ThreadRole::ofClient));
      files += part.files().size();
      bytes += part.bytes();
    }
    Used used = meter.measure(commands, Optional.of(running()));
    return told("ingest", used.figures(files, bytes));
  }

  /**
   * Restores what was ingested, and compares it.
   *
   * @throws IOException if that fails, or is not the same; the message names the file
   */
  public Map<String, Double> restore(Corpus part) throws IOException, InterruptedException {
    Path target = system.directory().resolve("restored");
    Used used =
        meter.measure(
            new Meter.Command(
                "castore restore",
                system.line("restore", "--quiet", list(part).toString(), target.toString()),
                system.directory(),
                system.directory().resolve("restore.out"),
                ThreadRole::ofClient),
            Optional.of(running()));
    part.compare(target);
    return told("restore", used.figures(part.files().size(), part.bytes()));
  }

  /** Ends its service, which can be started again. */
  public void end() throws InterruptedException {
    running().end();
    service = Optional.empty();
  }

  private Path list(Corpus part) {
    return system.directory().resolve(part.name() + ".list");
  }

  private Service running() {
    return service.orElseThrow(
        () -> new IllegalStateException("service: does not run (expected: started before)"));
  }

  private Map<String, Double> told(String task, Figures figures) {
    progress.accept(String.format(Locale.ROOT, "%s: %.2f s", task, figures.get("wall_seconds")));
    return figures.values();
  }

  /** Ends all its processes. */
  @Override
  public void close() {
    service.ifPresent(Service::close);
    children.close();
  }
}
