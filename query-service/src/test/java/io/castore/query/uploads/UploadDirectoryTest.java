package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.nio.file.Path;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(UploadCluster.Extension.class)
final class UploadDirectoryTest {
  private static final int UPLOADS = 50;

  private final UploadCluster cluster;
  @TempDir private Path stateDir;

  UploadDirectoryTest(UploadCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void makeTopic() throws Exception {
    cluster.makeTopic();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void shouldKnowWhatCameBeforeItAndWhatComesAfter() throws Exception {
    cluster.send(Uploads.id(1), Uploads.open());
    try (UploadDirectory directory = cluster.ready(stateDir)) {
      assertThat(directory.find(Uploads.id(1))).contains(Uploads.open());

      cluster.send(directory, Uploads.id(1), Uploads.complete());

      assertThat(directory.find(Uploads.id(2))).isEmpty();
      assertThat(directory.failure()).isNotDone();
    }
  }

  @Test
  void shouldCountUploadsAndGiveTheNewestBlobsOnce() throws Exception {
    try (UploadDirectory directory = cluster.ready(stateDir)) {
      cluster.send(directory, Uploads.id(1), Uploads.complete());
      cluster.send(directory, Uploads.id(2), blob(7));
      cluster.send(directory, Uploads.id(3), Uploads.complete());
      cluster.send(directory, Uploads.id(4), Uploads.open());

      UploadTotals totals = directory.count().totals();
      KnownBlobs all = directory.newestBlobs(2);
      KnownBlobs one = directory.newestBlobs(1);

      assertThat(totals.byState()).containsEntry(State.COMPLETE, 3L).containsEntry(State.OPEN, 1L);
      assertThat(totals.bytes()).isEqualTo(15);
      assertThat(all.areAll()).isTrue();
      assertThat(all.blobs())
          .extracting(blob -> blob.digest().toBytes()[0])
          .containsExactly((byte) 0, (byte) 7);
      assertThat(one.areAll()).isFalse();
      assertThat(one.blobs()).hasSize(1);
    }
  }

  private static UploadStatus blob(int number) {
    byte[] digest = new byte[Digest.LENGTH];
    digest[0] = (byte) number;
    return Uploads.complete().toBuilder().setBlobDigest(ByteString.copyFrom(digest)).build();
  }

  @Test
  void shouldGoOnWhereItWasAfterARestart() throws Exception {
    for (int i = 0; i < UPLOADS; i++) {
      cluster.send(Uploads.id(i), Uploads.open());
    }
    try (UploadDirectory directory = cluster.ready(stateDir)) {
      assertThat(directory.recordsReadAtStart()).isEqualTo(UPLOADS);
      cluster.send(directory, Uploads.id(UPLOADS), Uploads.open());
    }
    cluster.send(Uploads.id(0), Uploads.complete());

    try (UploadDirectory directory = cluster.ready(stateDir)) {
      assertThat(directory.recordsReadAtStart()).isEqualTo(1);
      assertThat(directory.find(Uploads.id(0))).contains(Uploads.complete());
      assertThat(directory.list(new UploadQuery(UploadFilter.ALL, IdRange.ALL, 1000)).uploads())
          .hasSize(UPLOADS + 1);
    }
  }

  @Test
  void shouldReadAnewWhereTheTopicIsAnother() throws Exception {
    for (int i = 0; i < UPLOADS; i++) {
      cluster.send(Uploads.id(i), Uploads.open());
    }
    cluster.ready(stateDir).close();
    cluster.deleteTopic();
    cluster.makeTopic();
    cluster.send(Uploads.id(-1), Uploads.open());

    try (UploadDirectory directory = cluster.ready(stateDir)) {
      assertThat(directory.list(new UploadQuery(UploadFilter.ALL, IdRange.ALL, 1000)).uploads())
          .containsExactly(new Upload(Uploads.id(-1), Uploads.open()));
      assertThat(directory.failure()).isNotDone();
    }
  }

  @Test
  void shouldLeaveNoGroupInKafka() throws Exception {
    try (UploadDirectory directory = cluster.ready(stateDir)) {
      cluster.send(directory, Uploads.id(1), Uploads.open());
    }

    String id =
        UploadDirectory.application(cluster.config(stateDir).topics(), UploadCluster.STORE_ID).id();
    assertThat(cluster.admin().listGroups().all().get())
        .extracting(GroupListing::groupId)
        .doesNotContain(id);
  }

  @Test
  void shouldSayThatItCannotBeAskedOnceItIsClosed() throws Exception {
    UploadDirectory directory = cluster.ready(stateDir);
    directory.close();

    assertThat(directory.isReady()).isFalse();
    assertThatThrownBy(() -> directory.find(Uploads.id(1)))
        .isInstanceOf(UploadsUnavailableException.class);
    assertThat(directory.failure()).isNotDone();
  }

  @Test
  void shouldEndWhileItStillReadsWhatIsThere() throws Exception {
    for (int i = 0; i < UPLOADS; i++) {
      cluster.send(Uploads.id(i), Uploads.open());
    }
    UploadDirectory directory = UploadDirectory.start(cluster.config(stateDir), "another");
    directory.close();

    assertThat(directory.isReady()).isFalse();
    assertThat(directory.failure()).isNotDone();
    cluster.ready(stateDir).close();
  }

  @Test
  void shouldRefuseADirectoryThatAnotherUses() throws Exception {
    CastoreConfig config = cluster.config(stateDir);
    try (UploadDirectory first = cluster.ready(stateDir)) {
      assertThatThrownBy(() -> UploadDirectory.start(config, UploadCluster.STORE_ID))
          .isInstanceOf(KafkaException.class);
      assertThat(first.isReady()).isTrue();
    }
  }
}
