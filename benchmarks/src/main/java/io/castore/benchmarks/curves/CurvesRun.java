package io.castore.benchmarks.curves;

import io.castore.cli.bench.ProcDirectory;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code benchmarks/run-curves}: what a byte and a file cost as there are more of them,
 * of clients, of chunks, or of threads.
 */
@Command(
    name = "benchmarks/run-curves",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = {
      "Measures the whole system at points of several curves, and writes a table for each, in Markdown. Each point has a"
          + " new system, with a service in a process of its own, which is warmed up. Service and clients are"
          + " started as by a user, with a heap of 1 GiB each.",
      "",
      "What is restored is compared byte for byte. Runs on Linux alone."
    })
public final class CurvesRun implements Callable<Integer> {
  private static final Load USUAL = new Load(1024, 512 << 10);
  private static final Load SMOKE = new Load(16, 512 << 10);

  @Option(
      names = "--curve",
      split = ",",
      paramLabel = "CURVE",
      description = "Which: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<Curve> curves = List.of(Curve.values());

  @Option(
      names = "--points",
      split = ",",
      paramLabel = "POINT",
      description =
          "Points of the one curve that is chosen: files, MiB, clients, chunks, or partitions and threads, such as 8x2.")
  private List<String> points = List.of();

  @Option(names = "--smoke", description = "Small points, which only show whether all of it runs.")
  private boolean smoke;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a configuration key of all commands. Can be given more than once.")
  private List<String> settings = List.of();

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Directory for all that is written, with room for the largest point four times. Default: a temporary one.")
  private Path workDir = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write the tables to a file, anew after each point.")
  private @Nullable Path out;

  private final PrintStream progress = System.err;
  private final Map<Curve, List<Measured>> results = new LinkedHashMap<>();

  private CurvesRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new CurvesRun());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (!ProcDirectory.isThere()) {
      progress.println("benchmarks/run-curves: no /proc (expected: Linux)");
      return CommandLine.ExitCode.USAGE;
    }
    Map<Curve, List<Point>> plan = new LinkedHashMap<>();
    try {
      for (Curve curve : curves) {
        plan.put(curve, points(curve));
      }
    } catch (IllegalArgumentException invalid) {
      progress.println("benchmarks/run-curves: " + invalid.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    String header = header();
    PointRun run = new PointRun(workDir, options(), smoke ? SMOKE : USUAL, this::tell);
    for (Map.Entry<Curve, List<Point>> curve : plan.entrySet()) {
      for (Point point : curve.getValue()) {
        tell("%s: %s".formatted(curve.getKey(), point));
        results
            .computeIfAbsent(curve.getKey(), absent -> new ArrayList<>())
            .addAll(run.measure(curve.getKey(), point));
        if (out != null) {
          Files.writeString(out, header + tables());
        }
      }
    }
    System.out.print(header + tables());
    return CommandLine.ExitCode.OK;
  }

  private List<Point> points(Curve curve) {
    if (points.isEmpty()) {
      return smoke ? curve.smokePoints() : curve.points();
    }
    if (curves.size() != 1) {
      throw new IllegalArgumentException("--points: of several curves (expected: one --curve)");
    }
    return points.stream().map(curve::point).toList();
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    settings.forEach(setting -> options.addAll(List.of("--set", setting)));
    return options;
  }

  private String tables() {
    StringBuilder text = new StringBuilder();
    results.forEach((curve, rows) -> text.append(CurveTable.write(curve, rows)));
    return text.toString();
  }

  private static String header() {
    List<String> jvm =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X"))
            .toList();
    return "- command: `benchmarks/run-curves`%n- machine: %d cores%n- JVM: %s, %s%n- date: %s%n"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.vm.version"),
            String.join(" ", jvm),
            OffsetDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE));
  }

  private void tell(String line) {
    progress.println("benchmarks/run-curves: " + line);
  }
}
