package io.castore.benchmarks.curves;

import io.castore.benchmarks.state.Sample;
import io.castore.benchmarks.state.Samples;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Tells the chunker of chunks that nobody ever sent: writes them to the changelog of its state,
 * from which a chunker that starts afterwards takes them over. To store as many takes hours.
 *
 * @param bootstrapServers of the broker, whose chunker does nothing meanwhile
 */
record ChunkFiller(String bootstrapServers) {
  private static final String CHANGELOG = "-stored-chunks-changelog";

  /** Writes so many. */
  void fill(long chunks) throws IOException, InterruptedException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "20");
    Sample sample = Samples.storedChunks();
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (Admin admin = Admin.create(settings);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      String topic = changelog(admin.listTopics().names().get());
      for (int number = 0; number < chunks; number++) {
        Sample.Entry entry = sample.entry(number);
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, entry.key().toByteArray(), entry.value().toByteArray()),
                (sent, failed) -> {
                  if (failed != null) {
                    failure.set(failed);
                  }
                });
      }
      producer.flush();
    } catch (ExecutionException failed) {
      throw new IOException("topics of " + bootstrapServers, failed.getCause());
    }
    if (failure.get() != null) {
      throw new IOException("records of the chunker's state", failure.get());
    }
  }

  private static String changelog(Set<String> topics) throws IOException {
    return topics.stream()
        .filter(topic -> topic.endsWith(CHANGELOG))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException("topics: " + topics + " (expected: one ending " + CHANGELOG + ")"));
  }
}
