package io.castore.feeds.watch;

import io.castore.pipeline.config.CastoreConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a topic of notifications where it is missing. */
public final class NotificationTopic {
  private static final Logger log = LoggerFactory.getLogger(NotificationTopic.class);

  private NotificationTopic() {}

  /**
   * Makes the topic unless it exists, with as many partitions as the uploads have, and the broker's
   * retention.
   *
   * @return how many partitions it has
   * @throws KafkaException if Kafka cannot be reached, or refuses
   */
  public static int require(CastoreConfig config, String topic) throws InterruptedException {
    short replicas = config.replicationFactor();
    NewTopic wanted =
        new NewTopic(
            topic,
            Optional.of(config.uploadPartitions()),
            replicas < 0 ? Optional.empty() : Optional.of(replicas));
    try (Admin admin = Admin.create(config.kafkaClient())) {
      if (!admin.listTopics().names().get().contains(topic)) {
        try {
          int made = admin.createTopics(List.of(wanted)).numPartitions(topic).get();
          log.info("Made topic {} with {} partitions", topic, made);
          return made;
        } catch (ExecutionException failed) {
          if (!(failed.getCause() instanceof TopicExistsException)) {
            throw failed;
          }
        }
      }
      return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
          .mapToInt(found -> found.partitions().size())
          .sum();
    } catch (ExecutionException failed) {
      throw new KafkaException(
          "topic %s cannot be made: %s".formatted(topic, failed.getMessage()), failed);
    }
  }
}
