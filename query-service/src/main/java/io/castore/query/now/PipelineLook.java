package io.castore.query.now;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.pipeline.cluster.ChunkLog;
import io.castore.pipeline.cluster.Reports;
import io.castore.pipeline.cluster.ServiceStatuses;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.streams.ChunkerGroup;
import io.castore.proto.pipeline.ServiceStatus;
import io.castore.query.uploads.CountedUploads;
import io.castore.query.uploads.UploadDirectory;
import io.castore.query.uploads.UploadsUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks how the pipeline is, and at what was reported of it.
 *
 * <p>Belongs to one thread at a time.
 */
final class PipelineLook implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PipelineLook.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TIMEOUT_MS = 5_000;

  /** A service tells of itself every 5 seconds. */
  private static final Duration SERVICES_EVERY = Duration.ofSeconds(5);

  private final CastoreConfig config;
  private final UploadDirectory uploads;
  private final Optional<String> chunkerGroup;
  private final Admin admin;

  private List<ServiceStatus> services = List.of();
  private long servicesOutdatedNanos = System.nanoTime();

  private PipelineLook(CastoreConfig config, String storeId, UploadDirectory uploads, Admin admin) {
    this.config = config;
    this.uploads = uploads;
    this.chunkerGroup = Optional.of(ChunkerGroup.application(config.topics(), storeId).id());
    this.admin = admin;
  }

  static PipelineLook open(CastoreConfig config, String storeId, UploadDirectory uploads) {
    Map<String, Object> settings = new HashMap<>(config.kafkaClient());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    return new PipelineLook(config, storeId, uploads, Admin.create(settings));
  }

  /** Throws {@link org.apache.kafka.common.KafkaException} where Kafka does not answer. */
  ObjectNode now() throws UploadsUnavailableException, InterruptedException {
    CountedUploads counted = uploads.count();
    ChunkLog chunks = ChunkLog.read(admin, config, chunkerGroup);
    PipelineStats stats = new PipelineStats(services(), chunks, counted.totals());
    return stats
        .json()
        .put("at", Instant.now().toString())
        .put("uploads_counted_at", counted.at().toString());
  }

  private List<ServiceStatus> services() {
    if (System.nanoTime() - servicesOutdatedNanos >= 0) {
      services = ServiceStatuses.read(config);
      servicesOutdatedNanos = System.nanoTime() + SERVICES_EVERY.toNanos();
    }
    return services;
  }

  /** Throws {@link org.apache.kafka.common.KafkaException} where Kafka does not answer. */
  ObjectNode reports() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode reports = root.putArray("reports");
    Reports.read(config).forEach((command, report) -> add(reports, command, report));
    return root;
  }

  private static void add(ArrayNode reports, String command, String report) {
    try {
      reports.add(JSON.readTree(report));
    } catch (JsonProcessingException unreadable) {
      log.warn("The last report of {} is no JSON", command);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
