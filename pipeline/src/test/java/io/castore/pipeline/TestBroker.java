package io.castore.pipeline;

import static org.awaitility.Awaitility.await;

import io.castore.broker.BrokerOptions;
import io.castore.broker.BrokerStartException;
import io.castore.broker.EmbeddedBroker;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.records.UploadId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a broker that all of the module's tests share, each under its own prefix of topics.
 */
public final class TestBroker implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(TestBroker.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    EmbeddedBroker broker =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(EmbeddedBroker.class, key -> start(), EmbeddedBroker.class);
    return new Cluster(broker.bootstrapServers(), "t" + UploadId.random() + ".");
  }

  private static EmbeddedBroker start() {
    try {
      return EmbeddedBroker.start(
          Path.of("target", "broker-" + UploadId.random()),
          BrokerOptions.defaults()
              .withProperty("log.initial.task.delay.ms", "100")
              .withProperty("log.retention.check.interval.ms", "200")
              .withProperty("log.segment.delete.delay.ms", "100"));
    } catch (BrokerStartException notStarted) {
      throw new IllegalStateException(notStarted);
    }
  }

  /**
   * A broker, and the part of it that is one test's own.
   *
   * @param prefix what the names of the test's topics start with
   */
  public record Cluster(String bootstrapServers, String prefix) {
    /** Opens a client, which the caller closes. */
    public Admin admin() {
      return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Makes topics, and returns when the broker knows them. */
    public void makeTopics(Admin admin, NewTopic... topics) throws Exception {
      admin.createTopics(List.of(topics)).all().get();
      List<String> names = Stream.of(topics).map(NewTopic::name).toList();
      await().until(() -> admin.listTopics().names().get().containsAll(names));
    }

    /** Gives a configuration for the test's topics, of few partitions. */
    public CastoreConfig config(Map<String, String> more) throws InvalidConfigException {
      Map<String, String> properties = new HashMap<>();
      properties.put("bootstrap.servers", bootstrapServers);
      properties.put("topics.prefix", prefix);
      properties.put("topics.chunks.partitions", "3");
      properties.put("topics.uploads.partitions", "2");
      properties.putAll(more);
      return CastoreConfig.of(properties);
    }
  }
}
