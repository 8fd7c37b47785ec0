package io.castore.chunker;

import io.castore.content.codec.ChunkCodec;
import io.castore.content.objectstore.ObjectRemover;
import io.castore.content.objectstore.ObjectWriter;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.known.StoredChunks;
import io.castore.pipeline.outage.StoreBreaker;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.pipeline.streams.Intake;
import io.castore.pipeline.streams.StreamsApplication;
import io.castore.pipeline.streams.StreamsRunner;
import io.castore.pipeline.streams.StreamsSettings;
import io.castore.pipeline.telemetry.Telemetry;
import io.castore.pipeline.topics.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.StreamsConfig;

/** The role {@code chunker}: runs the storing topology. */
public final class ChunkerService {
  private static final String NAME = "chunker";

  private ChunkerService() {}

  /**
   * Starts the topology for a process that nobody asks what is stored, nor how it is; see {@link
   * #start(CastoreConfig, Map, ObjectWriter, String, Admin, StoreBreaker, Optional, Telemetry)}.
   */
  public static <S extends ObjectWriter & ObjectRemover> StreamsRunner start(
      CastoreConfig config,
      Map<String, Integer> partitions,
      S store,
      String storeId,
      Admin admin,
      StoreBreaker breaker)
      throws InterruptedException {
    return start(
        config, partitions, store, storeId, admin, breaker, Optional.empty(), Telemetry.none());
  }

  /**
   * Starts the topology. The topics have to exist.
   *
   * @param partitions how many partitions each topic has, by its name
   * @param store where chunks go, and whatever is collected goes from; belongs to the caller, who
   *     closes it after the runner
   * @param admin used during this call alone
   * @param breaker pauses the topology while the store is away
   * @param endpoint where other processes ask this one what is stored, with its host and its port;
   *     empty where they do not
   * @param telemetry is told what the service does
   */
  public static <S extends ObjectWriter & ObjectRemover> StreamsRunner start(
      CastoreConfig config,
      Map<String, Integer> partitions,
      S store,
      String storeId,
      Admin admin,
      StoreBreaker breaker,
      Optional<URI> endpoint,
      Telemetry telemetry)
      throws InterruptedException {
    Topics topics = config.topics();
    StreamsApplication application = ChunkerGroup.application(topics, storeId);
    int chunkPartitions = chunkPartitions(config, partitions);
    Properties settings =
        StreamsSettings.of(
            config, application, config.chunkerThreads(), Intake.ofChunks(config, chunkPartitions));
    endpoint.ifPresent(
        uri -> settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, StateAddress.of(uri).text()));
    Duration contact = GroupContact.follow(settings);
    return StreamsRunner.start(
        NAME,
        ChunkerTopology.build(
            topics, chunkPartitions, target(config, store, storeId, contact, telemetry)),
        settings,
        application,
        admin,
        breaker);
  }

  /**
   * Gives what a topology knows of stored chunks, as far as this process has it, for as long as the
   * topology runs.
   *
   * @param runner what {@code start} returned; the other parameters are the same as there
   */
  public static StoredChunks storedChunks(
      CastoreConfig config,
      Map<String, Integer> partitions,
      String storeId,
      StreamsRunner runner,
      Optional<URI> endpoint) {
    return new StoredChunksHere(
        storeId,
        runner.state(),
        new KeyPartition(chunkPartitions(config, partitions)),
        endpoint.map(uri -> StateAddress.of(uri).address()));
  }

  private static int chunkPartitions(CastoreConfig config, Map<String, Integer> partitions) {
    return partitions.getOrDefault(config.topics().chunks().name(), config.chunkPartitions());
  }

  private static <S extends ObjectWriter & ObjectRemover> StoreTarget target(
      CastoreConfig config, S store, String storeId, Duration contact, Telemetry telemetry) {
    ChunkerMeters meters =
        new ChunkerMeters(telemetry.meters(), config.topics().chunksDlq().name());
    PutPool puts =
        new PutPool(
            new MeteredStore<>(store, meters),
            config.chunkerWindowRecords(),
            config.chunkerWindowBytes());
    meters.watch(puts.budget());
    return new StoreTarget(
        storeId,
        new ChunkCodec(config.zstdLevel()),
        puts,
        config.chunkerDrainTimeout(),
        contact,
        meters,
        telemetry.tracing());
  }
}
