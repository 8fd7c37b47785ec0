package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class GroupContactTest {
  @Test
  void shouldTellWhatItsOwnThreadHasSeen() throws InterruptedException {
    Thread polling =
        new Thread(
            () -> {
              GroupContact contact = new GroupContact();
              contact.onConsume(ConsumerRecords.empty());
              long polled = GroupContact.polledNanos();
              contact.onCommit(Map.of(new TopicPartition("chunks", 3), new OffsetAndMetadata(17)));

              assertThat(GroupContact.polledNanos()).isEqualTo(polled);
              assertThat(GroupContact.committed("chunks", 3)).isEqualTo(17);
              assertThat(GroupContact.committed("chunks", 4)).isZero();
            });
    Throwable[] failure = {null};
    polling.setUncaughtExceptionHandler((thread, why) -> failure[0] = why);
    polling.start();
    polling.join();

    assertThat(failure[0]).isNull();
    assertThat(GroupContact.committed("chunks", 3)).isZero();
    // Not noted: it is now, and later now again.
    long before = System.nanoTime();
    assertThat(GroupContact.polledNanos() - before).isNotNegative();
  }

  @Test
  void shouldEndBeforeTheGroupGivesPartitionsAway() {
    Properties settings = new Properties();
    settings.put("consumer.session.timeout.ms", 10_000);
    settings.put("consumer.heartbeat.interval.ms", 3_000);
    assertThat(GroupContact.follow(settings)).isEqualTo(Duration.ofSeconds(7));

    settings.put("main.consumer.session.timeout.ms", "4000");
    assertThat(GroupContact.follow(settings)).isEqualTo(Duration.ofSeconds(2));
    assertThat(GroupContact.follow(new Properties())).isEqualTo(Duration.ofSeconds(42));
  }

  @Test
  void shouldLeaveOtherInterceptorsInPlace() {
    Properties settings = new Properties();
    settings.put("consumer.interceptor.classes", "a.Tracer");

    GroupContact.follow(settings);

    assertThat(settings)
        .containsEntry(
            "main.consumer.interceptor.classes", "a.Tracer," + GroupContact.class.getName());
  }
}
