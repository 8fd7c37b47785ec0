package io.castore.blobs;

import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.chunker.ChunkerService;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.index.IndexService;
import io.castore.ingest.PushedUploads;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.outage.IdentityProbe;
import io.castore.pipeline.outage.StoreBreaker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker, a store in memory, and the services between, all in this process. */
final class TestPipeline implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final CastoreConfig config;
  private final PushedUploads uploads;

  TestPipeline(Path directory) throws Exception {
    EmbeddedBroker broker = open(EmbeddedBroker.start(directory, BrokerOptions.defaults()));
    config =
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "data.dir", directory.toString(),
                "topics.chunks.partitions", "1",
                "topics.uploads.partitions", "1",
                "streams.num.standby.replicas", "0",
                "chunk.avg.bytes", "4096"));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      Map<String, Integer> partitions = new TopicProvisioner(admin, config, true).provision();
      String id = StoreIdentity.obtain(store, InstantSource.system()).id();
      StoreBreaker breaker =
          open(StoreBreaker.start(new IdentityProbe(store, id), config.storeCheckInterval()));
      open(IndexService.start(config, store, id, admin, breaker));
      open(ChunkerService.start(config, partitions, store, id, admin, breaker));
    }
    uploads = open(PushedUploads.open(config));
  }

  private <T extends AutoCloseable> T open(T part) {
    parts.push(part);
    return part;
  }

  StoreBlobs blobs() {
    return StoreBlobs.readingAndWriting(store, config.reads(), uploads);
  }

  @Override
  public void close() throws IOException {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        throw new IOException("cannot be closed", failed);
      }
    }
  }
}
