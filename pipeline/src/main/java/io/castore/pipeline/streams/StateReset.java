package io.castore.pipeline.streams;

import io.castore.pipeline.cluster.AdminCalls;
import io.castore.pipeline.cluster.TopicTail;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.records.UploadStates;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts anew for another store: no chunk or upload that is in the topics by now is worked on any
 * more, and nothing is remembered as stored. Uploads that were on their way end as ABORTED. Blobs
 * of the former store stay readable there, and what is known of sources stays known.
 */
public final class StateReset {
  private static final Logger log = LoggerFactory.getLogger(StateReset.class);

  private StateReset() {}

  /**
   * Resets the state.
   *
   * @param applications those that are going to run for the new store; none of them may run yet
   * @param former those that ran for the former store, whose changelogs are deleted
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached or refuses
   */
  public static void reset(
      Admin admin,
      CastoreConfig config,
      List<StreamsApplication> applications,
      List<StreamsApplication> former)
      throws InterruptedException {
    for (StreamsApplication application : applications) {
      StartOffsets.skipToEnd(admin, application.id(), application.sources());
    }
    takeOverUpdates(admin, config, applications, former);
    abortWhatIsOnItsWay(config);
    for (StreamsApplication application : former) {
      deleteChangelogs(admin, application);
    }
  }

  /** What became of sources is true whatever the store, and is told whoever comes to read it. */
  private static void takeOverUpdates(
      Admin admin,
      CastoreConfig config,
      List<StreamsApplication> applications,
      List<StreamsApplication> former)
      throws InterruptedException {
    String updates = config.topics().sourceUpdates().name();
    for (StreamsApplication next : readersOf(updates, applications)) {
      for (StreamsApplication before : readersOf(updates, former)) {
        StartOffsets.takeOver(admin, next.id(), before.id(), updates);
      }
    }
  }

  private static List<StreamsApplication> readersOf(
      String topic, List<StreamsApplication> applications) {
    return applications.stream()
        .filter(application -> application.sources().contains(topic))
        .toList();
  }

  private static void abortWhatIsOnItsWay(CastoreConfig config) {
    Map<UploadId, UploadStatus> open = new HashMap<>();
    try (TopicTail<UploadId, UploadStatus> statuses =
        new TopicTail<>(config, config.topics().uploadStatus())) {
      statuses.readToEnd(
          (id, status) -> {
            if (UploadStates.isFinal(status.getState())) {
              open.remove(id);
            } else {
              open.put(id, status);
            }
          });
    }
    Topic<UploadId, UploadEvent> uploads = config.topics().uploads();
    try (KafkaProducer<UploadId, UploadEvent> producer =
        new KafkaProducer<>(
            config.kafkaClient(), uploads.keys().serializer(), uploads.values().serializer())) {
      open.forEach(
          (id, status) -> {
            // The new state knows nothing of the upload, not even its name.
            send(producer, uploads, id, opened(status));
            send(producer, uploads, id, ABORTED);
          });
    }
    log.info("Aborted {} uploads that were on their way to the former store", open.size());
  }

  private static final UploadEvent ABORTED =
      UploadEvent.newBuilder()
          .setAborted(
              UploadEvent.Aborted.newBuilder().setReason("the state was reset for another store"))
          .build();

  private static UploadEvent opened(UploadStatus status) {
    UploadEvent.Opened.Builder opened =
        UploadEvent.Opened.newBuilder()
            .setSource(status.getSource())
            .setOpenedAtMs(status.getOpenedAtMs());
    if (status.hasSourceVersion()) {
      opened.setVersion(status.getSourceVersion());
    }
    return UploadEvent.newBuilder().setOpened(opened).build();
  }

  private static void send(
      KafkaProducer<UploadId, UploadEvent> producer,
      Topic<UploadId, UploadEvent> uploads,
      UploadId id,
      UploadEvent event) {
    // Closing the producer waits for it; one that is lost expires instead.
    Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(uploads.name(), id, event));
  }

  private static void deleteChangelogs(Admin admin, StreamsApplication former)
      throws InterruptedException {
    List<String> changelogs =
        AdminCalls.await(admin.listTopics().names(), "list topics").stream()
            .filter(
                topic -> topic.startsWith(former.changelogPrefix()) && topic.endsWith("-changelog"))
            .toList();
    AdminCalls.await(admin.deleteTopics(changelogs).all(), "delete topics " + changelogs);
  }
}
