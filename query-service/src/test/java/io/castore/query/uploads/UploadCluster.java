package io.castore.query.uploads;

import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.BrokerStartException;
import io.castore.broker.EmbeddedBroker;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.UploadStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A test's own topic of statuses, on a broker that all tests share. */
final class UploadCluster implements AutoCloseable {
  static final String STORE_ID = "0123456789abcdef";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final String bootstrapServers;
  private final String prefix = "t" + UploadId.random() + ".";
  private final Admin admin;
  private final KafkaProducer<UploadId, UploadStatus> producer;

  private UploadCluster(EmbeddedBroker broker) throws InvalidConfigException {
    bootstrapServers = broker.bootstrapServers();
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    Topic<UploadId, UploadStatus> topic = config(Path.of("none")).topics().uploadStatus();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            topic.keys().serializer(),
            topic.values().serializer());
  }

  /** Gives a test its cluster, which it closes. */
  static final class Extension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(UploadCluster.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == UploadCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      try {
        return new UploadCluster(
            context
                .getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(EmbeddedBroker.class, key -> start(), EmbeddedBroker.class));
      } catch (InvalidConfigException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private static EmbeddedBroker start() {
      try {
        return EmbeddedBroker.start(
            Path.of("target", "broker-" + UploadId.random()), BrokerOptions.defaults());
      } catch (BrokerStartException notStarted) {
        throw new IllegalStateException(notStarted);
      }
    }
  }

  CastoreConfig config(Path stateDir) throws InvalidConfigException {
    return CastoreConfig.of(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "topics.prefix",
            prefix,
            "topics.uploads.partitions",
            "2",
            "state.dir",
            stateDir.toAbsolutePath().toString()));
  }

  Admin admin() {
    return admin;
  }

  String topic() {
    return prefix + "upload-status";
  }

  void makeTopic() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(topic(), 2, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
        .all()
        .get();
    await().until(() -> admin.listTopics().names().get().contains(topic()));
  }

  void deleteTopic() throws Exception {
    admin.deleteTopics(List.of(topic())).all().get();
    await().until(() -> !admin.listTopics().names().get().contains(topic()));
  }

  UploadDirectory ready(Path stateDir) throws InvalidConfigException {
    UploadDirectory directory = UploadDirectory.start(config(stateDir), STORE_ID);
    await().atMost(TIMEOUT).until(directory::isReady);
    return directory;
  }

  /** Sends, and does not wait for it. */
  Future<RecordMetadata> sending(UploadId id, UploadStatus status) {
    return producer.send(new ProducerRecord<>(topic(), id, status));
  }

  void send(UploadId id, UploadStatus status) throws InterruptedException, ExecutionException {
    sending(id, status).get();
  }

  /** Sends a status, and waits until a directory has it. */
  void send(UploadDirectory directory, UploadId id, UploadStatus status) throws Exception {
    send(id, status);
    await().atMost(TIMEOUT).until(() -> directory.find(id).equals(Optional.of(status)));
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close();
  }
}
