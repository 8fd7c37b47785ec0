package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.ingest.IngestOutcome;
import io.castore.ingest.IngestProgress;
import io.castore.ingest.Ingester;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.ingest.Source;
import io.castore.pipeline.config.CastoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ingests through Kafka, with the roles in this process where the broker is. */
final class PipelineIngest implements FileIngest {
  private final CastoreSystem system;
  private final Ingester ingester;

  /** Takes both over. */
  private PipelineIngest(CastoreSystem system, Ingester ingester) {
    this.system = system;
    this.ingester = ingester;
  }

  /**
   * Opens the system and the way into it. Throws what {@link CastoreSystem#openWorking} does.
   *
   * @param command who wants it, for others to be told
   * @throws PipelineUnavailableException if Kafka cannot be reached
   */
  static PipelineIngest open(CastoreConfig config, String command, boolean resetState)
      throws Exception {
    CastoreSystem system = CastoreSystem.openWorking(config, command, resetState);
    try {
      Ingester ingester = system.openIngester();
      CompletableFuture<Void> unused =
          system
              .failure()
              .thenAccept(cause -> ingester.giveUp("the pipeline stopped: " + cause.getMessage()));
      return new PipelineIngest(system, ingester);
    } catch (Exception unusable) {
      system.close();
      throw unusable;
    }
  }

  @Override
  public CompletableFuture<IngestOutcome> submit(Source source) throws InterruptedException {
    return ingester.submit(source);
  }

  @Override
  public IngestProgress progress() {
    return ingester.progress();
  }

  /** The configuration, with the address of the brokers that are used. */
  CastoreConfig config() {
    return system.config();
  }

  /** The way into the pipeline itself, which belongs to this. */
  Ingester ingester() {
    return ingester;
  }

  /** Is completed with the reason, should a role or the broker here end by itself. */
  CompletableFuture<Throwable> failure() {
    return system.failure();
  }

  @Override
  public List<Path> ownDirectories() {
    return system.ownDirectories();
  }

  @Override
  public void abortAll(String reason) {
    ingester.abortAll(reason);
  }

  @Override
  public void close() {
    ingester.close();
    system.close();
  }
}
