package io.castore.benchmarks.peers;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.cli.bench.MachineCpu;
import io.castore.cli.bench.ProcDirectory;
import io.castore.cli.bench.ProcStat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code benchmarks/run-peers}: castore beside what people use instead, on the same
 * files in the same round, each tool on an empty store.
 */
@Command(
    name = "benchmarks/run-peers",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = {
      "Measures castore beside restic, borg and desync, and writes tables, in Markdown. A round runs every tool once on a"
          + " corpus, each on an empty store; ratios are taken within a round.",
      "",
      "What is restored is compared byte for byte. Runs on Linux alone. Programs of which one is not there are told as"
          + " not found, those that failed in every round as failed."
    })
public final class PeersRun implements Callable<Integer> {
  private static final String BLANKS = " +";

  @Parameters(
      paramLabel = "CORPUS_DIR",
      arity = "1..*",
      description = "Directories with two versions of files, in v1 and v2.")
  private List<Path> corpora = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--jdk",
      paramLabel = "DIR",
      description = "A JDK to run castore on; can be given again. Default: the one that runs this.")
  private List<Path> jdks = new ArrayList<>();

  @Option(
      names = "--tools",
      split = ",",
      paramLabel = "TOOL",
      description = "Which: castore, restic, borg, desync. Default: all.")
  private List<String> tools = List.of("castore", "restic", "borg", "desync");

  @Option(
      names = "--phases",
      split = ",",
      paramLabel = "PHASE",
      description =
          "What castore does, as of castore bench. Default: all; rounds are shorter without some.")
  private List<String> phases = List.of();

  @Option(
      names = "--restic",
      paramLabel = "WORDS",
      description = "How restic is called: a path, or several words. Default: ${DEFAULT-VALUE}.")
  private String restic = "restic";

  @Option(names = "--borg", paramLabel = "WORDS", description = "The same of borg.")
  private String borg = "borg";

  @Option(names = "--desync", paramLabel = "WORDS", description = "The same of desync.")
  private String desync = "desync";

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Directory for all that is written. Default: a temporary one.")
  private Path scratchParent = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write the tables to a file, anew after each round.")
  private @Nullable Path out;

  private final PrintStream progress = System.err;
  private final Map<Versions, PeerRounds> results = new LinkedHashMap<>();
  private boolean failed;

  private PeersRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PeersRun()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (!ProcDirectory.isThere()) {
      progress.println("benchmarks/run-peers: no /proc (expected: Linux)");
      return CommandLine.ExitCode.USAGE;
    }
    String header = header();
    List<Contender> contenders = contenders();
    List<String> columns = contenders.stream().flatMap(one -> one.columns().stream()).toList();
    for (Path corpus : corpora) {
      results.put(Versions.in(corpus), new PeerRounds(columns));
    }
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<Versions, PeerRounds> corpus : results.entrySet()) {
        measure(contenders, corpus.getKey(), corpus.getValue(), round);
        if (out != null) {
          Files.writeString(out, header + report());
        }
      }
      // Nobody is always the first, or behind the same one.
      Collections.rotate(contenders, 1);
    }
    System.out.print(header + report());
    return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private List<Contender> contenders() throws IOException {
    List<Contender> contenders = new ArrayList<>();
    for (String tool : tools) {
      switch (tool) {
        case "castore" -> contenders.addAll(castores());
        case "restic" -> contenders.add(new PeerContender(new Restic(words(restic))));
        case "borg" -> contenders.add(new PeerContender(new Borg(words(borg))));
        case "desync" -> contenders.add(new PeerContender(new Desync(words(desync))));
        default ->
            throw new IOException(
                "--tools: " + tool + " (expected: castore, restic, borg or desync)");
      }
    }
    return contenders;
  }

  private List<Contender> castores() throws IOException {
    Path launcher =
        Path.of(System.getProperty("castore.benchmarks.project", ".")).resolve("castore");
    List<Contender> castores = new ArrayList<>();
    for (Path jdk : jdks.isEmpty() ? List.of(Path.of(System.getProperty("java.home"))) : jdks) {
      castores.add(
          new CastoreContender(
              launcher.toRealPath(), jdk.toRealPath(), "JDK " + feature(jdk), phases));
    }
    return castores;
  }

  /** Reads a JDK's feature release from its file {@code release}. */
  private static String feature(Path jdk) throws IOException {
    return Files.readAllLines(jdk.resolve("release")).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("[^0-9.]", "").replaceAll("\\..*", ""))
        .findFirst()
        .orElseThrow(() -> new IOException(jdk + ": no JDK (expected: the file release in it)"));
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split(BLANKS, -1));
  }

  private void measure(List<Contender> contenders, Versions versions, PeerRounds into, int round)
      throws IOException, InterruptedException {
    Map<String, Map<Task, Measured>> all = new HashMap<>();
    MachineCpu machine = MachineCpu.now();
    double own = ownSeconds();
    for (Contender contender : contenders) {
      progress.printf(
          "benchmarks/run-peers: %s, round %d of %d: %s%n",
          versions.name(), round, rounds, contender.columns().get(0));
      try (ScratchDirectory scratch = ScratchDirectory.in(scratchParent, "castore-peers-")) {
        all.putAll(contender.round(versions, scratch.path()));
      } catch (IOException failure) {
        // The others' figures are as good as they were.
        failed = true;
        into.fail(contender.columns());
        progress.println("benchmarks/run-peers: failed: " + failure);
      }
    }
    into.add(
        all,
        MachineCpu.now()
            .othersSince(machine, ownSeconds() - own, Runtime.getRuntime().availableProcessors())
            .orElse(0));
  }

  private static double ownSeconds() throws IOException {
    ProcStat own = ProcDirectory.own().stat();
    return own.cpuSeconds() + own.childrenCpuSeconds();
  }

  private String report() {
    StringBuilder text = new StringBuilder();
    results.forEach(
        (versions, corpus) -> {
          if (!corpus.others().isEmpty()) {
            text.append(PeerReport.section(versions, corpus));
          }
        });
    return text.toString();
  }

  private String header() {
    return "- command: `benchmarks/run-peers --rounds %d --tools %s%s`%n- machine: %d cores%n- date: %s%n"
        .formatted(
            rounds,
            String.join(",", tools),
            phases.isEmpty() ? "" : " --phases " + String.join(",", phases),
            Runtime.getRuntime().availableProcessors(),
            OffsetDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE));
  }
}
