package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploadTopologyTest {
  private static final Topics TOPICS = new Topics("castore.");

  private final List<Upload> told = new ArrayList<>();
  @TempDir private Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> statuses;
  private KeyValueStore<UploadId, UploadStatus> uploads;

  @BeforeEach
  void start() {
    Properties settings = new Properties();
    settings.put("application.id", "uploads");
    settings.put("bootstrap.servers", "none:1");
    settings.put("state.dir", stateDir.toString());
    driver = new TopologyTestDriver(topology(), settings);
    statuses =
        driver.createInputTopic(
            TOPICS.uploadStatus().name(), new ByteArraySerializer(), new ByteArraySerializer());
    uploads = driver.getKeyValueStore(UploadTopology.UPLOADS);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  /** {@code -Dcastore.golden.update=true} writes the file anew. */
  @Test
  void shouldHaveTheShapeThatIsOnFile() throws IOException {
    Path golden = Path.of("src/test/resources/uploads-topology.txt");
    String shape = topology().describe().toString();
    if (Boolean.getBoolean("castore.golden.update")) {
      Files.writeString(golden, shape);
    }

    assertThat(golden).content().isEqualTo(shape);
  }

  @Test
  void shouldKeepTheNewestStatusOfEachUploadAndTellOfEveryOne() {
    send(Uploads.id(1), Uploads.open());
    send(Uploads.id(2), Uploads.open());
    send(Uploads.id(1), Uploads.complete());

    assertThat(uploads.get(Uploads.id(1))).isEqualTo(Uploads.complete());
    assertThat(uploads.get(Uploads.id(2))).isEqualTo(Uploads.open());
    assertThat(told)
        .containsExactly(
            new Upload(Uploads.id(1), Uploads.open()),
            new Upload(Uploads.id(2), Uploads.open()),
            new Upload(Uploads.id(1), Uploads.complete()));
  }

  @Test
  void shouldForgetAnUploadWhenItsStatusIsDeleted() {
    send(Uploads.id(1), Uploads.open());

    statuses.pipeInput(Uploads.id(1).toBytes(), (byte[]) null);

    assertThat(uploads.get(Uploads.id(1))).isNull();
    assertThat(told).hasSize(1);
  }

  @Test
  void shouldPassOverWhatIsNoStatus() {
    statuses.pipeInput(new byte[3], Uploads.open().toByteArray());
    statuses.pipeInput(Uploads.id(1).toBytes(), new byte[] {-1, -1, -1});
    statuses.pipeInput(null, Uploads.open().toByteArray());
    send(Uploads.id(2), Uploads.open());

    assertThat(told).containsExactly(new Upload(Uploads.id(2), Uploads.open()));
    assertThat(uploads.approximateNumEntries()).isEqualTo(1);
  }

  private Topology topology() {
    return UploadTopology.build(TOPICS, (id, status) -> told.add(new Upload(id, status)));
  }

  private void send(UploadId id, UploadStatus status) {
    statuses.pipeInput(id.toBytes(), status.toByteArray());
  }
}
