package io.castore.feeds.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NotificationReaderTest {
  private static final String KEY = "in/red flower+50%/ü.jpg";
  private static final ObjectEvent EVENT = new ObjectEvent("bucket", KEY, "e1", "0A1B");

  @Test
  void shouldReadWhatMinioSends() throws Exception {
    assertThat(read(Notifications.minio("ObjectCreated:Put", "bucket", KEY, "e1", "0A1B")))
        .isEqualTo(new Notification(List.of(EVENT), 0));
  }

  @Test
  void shouldReadWhatAwsSends() throws Exception {
    ObjectNode created =
        Notifications.awsRecord(
            "ObjectCreated:CompleteMultipartUpload", "bucket", KEY, "e1", "0A1B");
    ObjectNode removed = Notifications.awsRecord("ObjectRemoved:Delete", "bucket", KEY, "", "0A1C");

    assertThat(read(Notifications.aws(created, removed)))
        .isEqualTo(new Notification(List.of(EVENT), 1));
  }

  @Test
  void shouldTakeTheOuterKeyAsItIsWhereRecordsAreMissing() throws Exception {
    ObjectNode notification =
        JsonNodeFactory.instance
            .objectNode()
            .put("EventName", "s3:ObjectCreated:Put")
            .put("Key", "bucket/" + KEY);

    assertThat(read(notification))
        .isEqualTo(new Notification(List.of(new ObjectEvent("bucket", KEY, "", "")), 0));
  }

  @Test
  void shouldReadWhatComesByOtherServices() throws Exception {
    ObjectNode aws =
        Notifications.aws(
            Notifications.awsRecord("ObjectCreated:Put", "bucket", KEY, "e1", "0A1B"));

    assertThat(read(Notifications.sns(aws))).isEqualTo(new Notification(List.of(EVENT), 0));
    assertThat(read(Notifications.eventBridge("Object Created", "bucket", KEY, "e1", "0A1B")))
        .isEqualTo(new Notification(List.of(EVENT), 0));
  }

  @Test
  void shouldPassOverWhatIsOfNoCreation() throws Exception {
    Notification other = new Notification(List.of(), 1);

    assertThat(read(Notifications.awsTest("bucket"))).isEqualTo(other);
    assertThat(read(Notifications.minio("ObjectRemoved:Delete", "bucket", KEY, "", "1")))
        .isEqualTo(other);
    assertThat(read(Notifications.minio("ObjectAccessed:Get", "bucket", KEY, "", "1")))
        .isEqualTo(other);
    assertThat(read(Notifications.eventBridge("Object Deleted", "bucket", KEY, "", "1")))
        .isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{}",
        "{\"Records\":[]}",
        "{\"Records\":[{}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"100%\"}}}]}",
        "{\"EventName\":\"s3:ObjectCreated:Put\",\"Key\":\"bucket-alone\"}",
        "{\"Message\":\"{\\\"Message\\\":\\\"{}\\\"}\"}",
        "{\"Event\":\"s3:TestEvent\"} {}"
      })
  void shouldSayWhatIsWrongWithAnythingElse(String text) {
    assertThatExceptionOfType(MalformedNotificationException.class)
        .isThrownBy(() -> NotificationReader.read(text.getBytes(StandardCharsets.UTF_8)))
        .satisfies(malformed -> assertThat(malformed).hasMessageMatching("(?s).+"));
  }

  @Test
  void shouldRefuseARecordWithoutAValue() {
    assertThatExceptionOfType(MalformedNotificationException.class)
        .isThrownBy(() -> NotificationReader.read(null));
  }

  private static Notification read(ObjectNode notification) throws Exception {
    return NotificationReader.read(Notifications.bytes(notification));
  }
}
