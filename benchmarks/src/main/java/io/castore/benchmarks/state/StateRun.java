package io.castore.benchmarks.state;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.BoundedRocksDb;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.StreamsSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code benchmarks/run-state}: how many bytes an entry of the local state takes on
 * disk, and a record in Kafka that is kept for ever.
 */
@Command(
    name = "benchmarks/run-state",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description =
        "Measures what is kept of each chunk and upload, and writes a table, in Markdown.")
public final class StateRun implements Callable<Integer> {
  private static final int BATCH = 1000;

  /** Records that a producer has gathered when it sends a batch. */
  private static final int RECORDS_IN_BATCH = 50;

  @Option(names = "--entries", description = "Entries of each store. Default: ${DEFAULT-VALUE}.")
  private int entries = 2_000_000;

  private final PrintStream out = System.out;

  private StateRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StateRun()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    out.printf(
        "%d entries, %d cores, Java %s%n%n",
        entries, Runtime.getRuntime().availableProcessors(), Runtime.version().feature());
    out.println("| store or topic | key and value, bytes | on disk, bytes |");
    out.println("|---|--:|--:|");
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    for (Sample store : Samples.stores()) {
      try (ScratchDirectory scratch = ScratchDirectory.in(temporary, "castore-state-")) {
        fill(scratch.path(), store);
        print("state: " + store.name(), store, (double) sizeOf(scratch.path()) / entries);
      }
    }
    for (Sample topic : Samples.topics()) {
      print("topic: " + topic.name(), topic, batchBytes(topic) / RECORDS_IN_BATCH);
    }
    return CommandLine.ExitCode.OK;
  }

  private void print(String what, Sample sample, double onDisk) {
    out.printf("| %s | %d | %.0f |%n", what, sample.entry(0).bytes(), onDisk);
  }

  /** Writes entries as a task does, and merges the files, as RocksDB does in time. */
  private void fill(Path directory, Sample sample) throws Exception {
    RocksDB.loadLibrary();
    try (BloomFilter filter = new BloomFilter();
        Options options = new Options().setCreateIfMissing(true);
        WriteOptions unlogged = new WriteOptions().setDisableWAL(true)) {
      options.setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));
      new BoundedRocksDb().setConfig(sample.name(), options, settings());
      try (RocksDB database = RocksDB.open(options, directory.toString())) {
        for (int first = 0; first < entries; first += BATCH) {
          write(database, unlogged, sample, first, Math.min(entries, first + BATCH));
        }
        database.compactRange();
      }
    }
  }

  private static void write(RocksDB database, WriteOptions how, Sample sample, int first, int end)
      throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = first; i < end; i++) {
        Sample.Entry entry = sample.entry(i);
        batch.put(entry.key().toByteArray(), entry.value().toByteArray());
      }
      database.write(how, batch);
    }
  }

  private static Map<String, Object> settings() throws Exception {
    CastoreConfig config = CastoreConfig.of(Map.of("bootstrap.servers", "127.0.0.1:1"));
    Map<String, Object> settings = new HashMap<>();
    StreamsSettings.of(config, ChunkerGroup.application(config.topics(), Samples.STORE_ID), 1)
        .forEach((key, value) -> settings.put(key.toString(), value));
    return settings;
  }

  private static long sizeOf(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .mapToLong(StateRun::length)
          .sum();
    }
  }

  private static long length(Path file) {
    return file.toFile().length();
  }

  private static double batchBytes(Sample sample) {
    List<SimpleRecord> records =
        Stream.iterate(0, i -> i + 1)
            .limit(RECORDS_IN_BATCH)
            .map(sample::entry)
            .map(
                entry ->
                    new SimpleRecord(
                        Samples.NOW_MS, entry.key().toByteArray(), entry.value().toByteArray()))
            .toList();
    return MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new))
        .sizeInBytes();
  }
}
