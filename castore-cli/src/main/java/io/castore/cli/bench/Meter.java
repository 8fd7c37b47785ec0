package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Measures operations, one at a time.
 *
 * <p>Not thread-safe.
 */
final class Meter {
  private static final Duration WATCH_PAUSE = Duration.ofMillis(50);
  private static final Duration SYNC_PATIENCE = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofHours(6);
  private static final ProcStat NOTHING = new ProcStat("", 0, 0, 0);

  private final Children children;
  private final int cores;
  private final boolean knowsProcesses = ProcDirectory.isThere();

  /**
   * Makes one.
   *
   * @param cores how many the machine has
   */
  Meter(Children children, int cores) {
    this.children = children;
    this.cores = cores;
  }

  /**
   * A command that ends by itself.
   *
   * @param name for messages
   * @param line its command line
   * @param directory where it runs
   * @param out takes its standard output; standard error goes beside it
   * @param roles tells what its threads are for
   */
  record Command(
      String name,
      List<String> line,
      Path directory,
      Path out,
      Function<String, ThreadRole> roles) {
    /** Keeps the list as it is now. */
    Command {
      line = List.copyOf(line);
    }

    Path err() {
      return out.resolveSibling(out.getFileName() + ".err");
    }
  }

  /** What is done in this process. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Measures a command, and the service meanwhile. */
  Used measure(Command command, Optional<Service> service)
      throws IOException, InterruptedException {
    return measure(List.of(command), service);
  }

  /**
   * Measures commands that run at the same time, and the service meanwhile. Their peak is that of
   * the one that had the most memory.
   */
  Used measure(List<Command> commands, Optional<Service> service)
      throws IOException, InterruptedException {
    Looks looks = new Looks(service);
    List<Running> all = new ArrayList<>();
    try {
      for (Command command : commands) {
        all.add(start(command));
      }
      for (Running one : all) {
        children.await(one.process(), one.command().name(), PATIENCE, one.command().err());
      }
      double wall = looks.wallSeconds();
      double exact = own().childrenCpuSeconds() - looks.own.childrenCpuSeconds();
      CpuByRole cpu = CpuByRole.NONE;
      long peak = 0;
      for (Running one : all) {
        cpu = cpu.plus(one.watch().cpu());
        peak = Math.max(peak, one.watch().peakBytes());
      }
      return looks.used(wall, knowsProcesses ? cpu.filledUpTo(exact) : CpuByRole.NONE, peak);
    } finally {
      all.forEach(one -> one.watch().close());
    }
  }

  /** A command that was started. */
  private record Running(Command command, Process process, ProcessWatch watch) {}

  private Running start(Command command) throws IOException {
    Process process =
        children.start(command.line(), command.directory(), command.out(), command.err());
    return new Running(
        command, process, ProcessWatch.start(process.pid(), WATCH_PAUSE, command.roles()));
  }

  /** Measures what this process does itself, and the service meanwhile. */
  Used measure(Work work, Service service) throws IOException, InterruptedException {
    Looks looks = new Looks(Optional.of(service));
    work.run();
    double wall = looks.wallSeconds();
    double cpu = own().cpuSeconds() - looks.own.cpuSeconds();
    return looks.used(
        wall, knowsProcesses ? CpuByRole.of(ThreadRole.CLIENT, cpu) : CpuByRole.NONE, 0);
  }

  /** What starts a service. */
  @FunctionalInterface
  interface Start {
    Service run() throws IOException, InterruptedException;
  }

  /** A service, and what its start used. */
  record Started(Service service, Used used) {}

  /** Measures the start of a service. */
  Started measure(Start start) throws IOException, InterruptedException {
    Looks looks = new Looks(Optional.empty());
    Service service = start.run();
    double wall = looks.wallSeconds();
    CpuByRole cpu = knowsProcesses ? service.watch().cpu() : CpuByRole.NONE;
    Used nothing = looks.used(wall, CpuByRole.NONE, 0);
    return new Started(
        service,
        new Used(wall, CpuByRole.NONE, 0, cpu, service.watch().peakBytes(), nothing.othersCores()));
  }

  private ProcStat own() throws IOException {
    return knowsProcesses ? ProcDirectory.own().stat() : NOTHING;
  }

  /** Has the system write what it holds back, so that no operation pays for an earlier one. */
  private static void sync() throws InterruptedException {
    try {
      Process sync = new ProcessBuilder("sync").inheritIO().start();
      if (!sync.waitFor(SYNC_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        sync.destroyForcibly();
      }
    } catch (IOException absent) {
      // A system without the command.
    }
  }

  /** How things were before the operation. */
  private final class Looks {
    private final Optional<Service> service;
    private final CpuByRole serviceCpu;
    private final MachineCpu machine;
    private final ProcStat own;
    private final long startNanos;

    Looks(Optional<Service> service) throws IOException, InterruptedException {
      sync();
      this.service = service;
      service.ifPresent(running -> running.watch().resetPeak());
      serviceCpu = cpuOf(service);
      machine = MachineCpu.now();
      own = own();
      startNanos = System.nanoTime();
    }

    double wallSeconds() {
      return (System.nanoTime() - startNanos) / 1e9;
    }

    private CpuByRole cpuOf(Optional<Service> process) {
      return knowsProcesses
          ? process.map(running -> running.watch().cpu()).orElse(CpuByRole.NONE)
          : CpuByRole.NONE;
    }

    Used used(double wall, CpuByRole clientCpu, long clientPeakBytes) throws IOException {
      CpuByRole ofService = cpuOf(service).since(serviceCpu);
      ProcStat now = own();
      double ours =
          ofService.total()
              + now.cpuSeconds()
              - own.cpuSeconds()
              + now.childrenCpuSeconds()
              - own.childrenCpuSeconds();
      return new Used(
          wall,
          clientCpu,
          clientPeakBytes,
          ofService,
          service.map(running -> running.watch().peakBytes()).orElse(0L),
          MachineCpu.now().othersSince(machine, ours, cores));
    }
  }
}
