package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.benchmarks.data.DataSet;
import io.castore.benchmarks.report.MarkdownReport;
import java.io.IOException;
import java.io.PrintStream;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/run}: measures the kernel beside its yardsticks. */
@CommandLine.Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = "Measures the kernel beside its yardsticks and writes the tables, in Markdown.")
public final class BenchmarkRun implements Callable<Integer> {
  @Option(
      names = "--jdk",
      paramLabel = "DIR",
      description = "A JDK to measure on; can be given again. Default: the one that runs this.")
  private List<Path> jdkHomes = new ArrayList<>();

  @Option(names = "--quick", description = "Fewer rows, each for a shorter time.")
  private boolean quick;

  @Option(
      names = "--smoke",
      description = "Every benchmark once, with little data and no yardsticks: does it run?")
  private boolean smoke;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often every row is measured. Default: ${DEFAULT-VALUE}.")
  private int rounds = 1;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "Only operations in whose name it is found: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Operation.Names.class)
  private Pattern only = Pattern.compile("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the tables go. Default: standard output.")
  private @Nullable Path out;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "For data, logs and the Rust program. Default: ${DEFAULT-VALUE}.")
  private Path scratch =
      Path.of(
          System.getProperty("java.io.tmpdir", "/tmp"),
          "castore-benchmarks-" + System.getProperty("user.name", "unknown"));

  private final List<String> arguments;
  private final PrintStream progress = System.err;

  private BenchmarkRun(String[] arguments) {
    this.arguments = List.of(arguments);
  }

  /** Runs the command and exits with 0, with 1 where a row failed, or with 2 for wrong use. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new BenchmarkRun(arguments))
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  command.getErr().println("benchmarks/run: " + e.getMessage());
                  return CommandLine.ExitCode.SOFTWARE;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan = smoke ? Plan.smoke() : quick ? Plan.quick() : Plan.full();
    if (smoke) {
      // Its figures mean nothing, so that it need not wait for other runs on this machine.
      System.setProperty("jmh.ignoreLock", "true");
    }
    Machine machine = Machine.here();
    Cores cores = Cores.here();
    List<Jdk> jdks = jdks();
    Map<String, String> header = header(machine, cores, jdks);

    // Apart from the data of other lengths, which another run may be reading.
    Path data =
        scratch.resolve("data").resolve(Integer.toString(plan.contentBytes())).toAbsolutePath();
    Path logs = Files.createDirectories(scratch.resolve("logs"));
    Path project = Path.of(System.getProperty("castore.benchmarks.project", "."));
    DataSet contents =
        DataSet.write(data, plan.contentBytes(), jdks.stream().map(Jdk::home).toList(), project);
    for (DataKind kind : DataKind.values()) {
      header.put(kind + " data", contents.origins().getOrDefault(kind, "unknown"));
    }

    List<Yardstick> yardsticks =
        plan.yardsticks() ? yardsticks(project, data, cores, plan) : List.of();
    Rounds measured =
        new Rounds(
            new Forks(data, logs, cores, plan),
            new Units(data),
            yardsticks,
            machine.cores(),
            progress);
    for (int round = 1; round <= rounds; round++) {
      progress.printf("round %d of %d; logs: %s%n", round, rounds, logs);
      for (Workload workload : plan.workloads(machine)) {
        if (only.matcher(workload.operation().name()).find()) {
          for (Jdk jdk : jdks) {
            measured.measure(workload, jdk, plan.backends(workload, machine));
          }
        }
      }
    }
    header.put("load average at the end", Machine.load());

    String report = MarkdownReport.write(header, measured.rows());
    if (out == null) {
      System.out.print(report);
    } else {
      Files.writeString(out, report);
    }
    return measured.failed() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private List<Jdk> jdks() throws IOException, InterruptedException {
    if (jdkHomes.isEmpty()) {
      return List.of(Jdk.own());
    }
    List<Jdk> jdks = new ArrayList<>();
    for (Path home : jdkHomes) {
      jdks.add(Jdk.at(home));
    }
    return jdks;
  }

  private Map<String, String> header(Machine machine, Cores cores, List<Jdk> jdks)
      throws InterruptedException {
    Map<String, String> header = new LinkedHashMap<>();
    header.put(
        "command",
        "`" + line(Stream.concat(Stream.of("benchmarks/run"), arguments.stream())) + "`");
    header.put("date", OffsetDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE));
    header.put("machine", machine.describe());
    header.put("kept to its cores by taskset", cores.allowed().isEmpty() ? "no" : "yes");
    header.put("load average at the start", Machine.load());
    for (Jdk jdk : jdks) {
      header.put("JDK " + jdk.feature(), jdk.version());
    }
    for (String program : List.of("b3sum", "zstd", "rustc")) {
      header.put(
          program,
          Command.run(List.of(program, "--version")).map(String::strip).orElse("not found"));
    }
    return header;
  }

  private List<Yardstick> yardsticks(Path project, Path data, Cores cores, Plan plan)
      throws InterruptedException {
    progress.println("building the Rust program");
    return List.of(
        RustCrates.build(
            project.resolve("benchmarks").resolve("yardstick"),
            scratch.resolve("cargo").toAbsolutePath(),
            data,
            cores,
            plan),
        new B3sumCommand(data, cores, plan),
        new ZstdCommand(data, cores, plan));
  }

  private static String line(Stream<String> words) {
    return words.collect(Collectors.joining(" "));
  }
}
