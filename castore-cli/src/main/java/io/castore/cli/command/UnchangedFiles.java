package io.castore.cli.command;

import io.castore.cli.files.FileNames;
import io.castore.cli.files.Found;
import io.castore.feeds.KnownSources;
import io.castore.gc.RetentionRule;
import io.castore.gc.RetentionRules;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.sources.SourceCatalogue;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what was ingested of files that are in the store as they are, by what the log says of
 * sources. Nothing is read of the files themselves. What the log says is read as a whole, so where
 * it tells of very many sources and there are few files, these are read instead.
 *
 * <p>One thread asks; any may close it.
 */
final class UnchangedFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnchangedFiles.class);

  /** So many records of sources are read for a single file: that takes a second at most. */
  private static final long FEW_RECORDS = 100_000;

  /** In the time that it takes to ingest a file, so many records can be read at least. */
  private static final long RECORDS_A_FILE = 100;

  private final @Nullable KnownSources known;
  private final @Nullable Path temporary;
  private final RetentionRules retention;
  private final FileNames names = new FileNames();
  private final Instant now = Instant.now();

  private UnchangedFiles(
      @Nullable KnownSources known, @Nullable Path temporary, RetentionRules retention) {
    this.known = known;
    this.temporary = temporary;
    this.retention = retention;
  }

  /**
   * Reads what there is.
   *
   * @param isTo tells whether there are at least so many files to be ingested
   * @throws IOException if the directory for scratch data cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be used
   */
  static UnchangedFiles read(CastoreConfig config, LongPredicate isTo) throws IOException {
    RetentionRules retention = RetentionRules.parse(config.gcRetention());
    long records = SourceCatalogue.records(config);
    if (records == 0 || (records > FEW_RECORDS && !isTo.test(records / RECORDS_A_FILE))) {
      return new UnchangedFiles(null, null, retention);
    }
    if (Files.isDirectory(config.stateDir())) {
      Path scratch = config.stateDir().resolve("scratch");
      return new UnchangedFiles(KnownSources.read(config, scratch), null, retention);
    }
    // A command whose brokers and store are elsewhere leaves no directory where it runs.
    Path temporary = Files.createTempDirectory("castore-");
    return new UnchangedFiles(KnownSources.read(config, temporary), temporary, retention);
  }

  /**
   * Gives what was ingested of a file, where it is in the store and the file has not changed since.
   *
   * @throws IOException if what is known cannot be read
   * @throws IllegalStateException if this was closed
   */
  Optional<SourceEntry> find(Found.RegularFile file) throws IOException {
    if (known == null) {
      return Optional.empty();
    }
    String name = names.of(file.path());
    Optional<SourceEntry> entry = known.findUnchanged(name, file.version());
    return entry.isPresent() && isWhole(entry.get()) && !isLapsing(name, entry.get())
        ? entry
        : Optional.empty();
  }

  /** An indexer of before 2026-11 tells neither the chunks nor the store. */
  private static boolean isWhole(SourceEntry entry) {
    return !entry.getStoreId().isEmpty() && (entry.getChunkCount() > 0 || entry.getSize() == 0);
  }

  /**
   * A rule of retention drops what was not ingested for some time. With an upload of its own from
   * half of that on, a file that is ingested again and again stays.
   */
  private boolean isLapsing(String name, SourceEntry entry) {
    Optional<RetentionRule> rule = retention.ruleFor(name);
    return rule.isPresent()
        && Instant.ofEpochMilli(entry.getCompletedAtMs())
            .isBefore(now.minus(rule.get().age().dividedBy(2)));
  }

  @Override
  public void close() {
    if (known != null) {
      known.close();
    }
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException stays) {
        log.debug("An empty directory is left", stays);
      }
    }
  }
}
