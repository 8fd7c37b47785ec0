package io.castore.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Has a peer do the tasks, each in a process of its own.
 *
 * @param peer what does them
 */
record PeerContender(Peer peer) implements Contender {
  /** What a store takes. */
  private record Size(long files, long bytes) {}

  @Override
  public List<String> columns() {
    return List.of(peer.name());
  }

  @Override
  public Map<String, Map<Task, Measured>> round(Versions versions, Path directory)
      throws IOException, InterruptedException {
    Place place = Place.in(directory, versions);
    Path log = directory.resolve("log");
    try {
      MeasuredProcess.Used unused = MeasuredProcess.run(peer.probe(place), log);
    } catch (IOException absent) {
      return Map.of();
    }
    if (peer.init(place).isPresent()) {
      MeasuredProcess.Used unused = MeasuredProcess.run(peer.init(place).get(), log);
    }
    Map<Task, Measured> tasks = new EnumMap<>(Task.class);
    for (Task task : Task.values()) {
      tasks.put(task, measure(task, place, log));
    }
    return Map.of(peer.name(), tasks);
  }

  private Measured measure(Task task, Place place, Path log)
      throws IOException, InterruptedException {
    Size before = size(place.store());
    MeasuredProcess.Used unused =
        MeasuredProcess.run(Call.of(List.of("sync"), place.scratch(), Map.of()), log);
    MeasuredProcess.Used used = MeasuredProcess.run(peer.call(task, place), log);
    if (task == Task.RESTORE) {
      place.versions().first().compare(place.restored());
    }
    Size after = size(place.store());
    return new Measured(
        used.wallSeconds(),
        used.cpuSeconds(),
        used.peakBytes(),
        task == Task.VERIFY ? after.bytes() : place.version(task).bytes(),
        after.bytes(),
        after.files(),
        after.bytes() - before.bytes());
  }

  private static Size size(Path store) throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return new Size(files.size(), bytes);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }
}
