package io.castore.feeds.notification;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Makes notifications from the fields that S3 services document. */
public final class Notifications {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Notifications() {}

  /** A record of AWS, which has no prefix before the event's name. */
  public static ObjectNode awsRecord(
      String eventName, String bucket, String key, String etag, String sequencer) {
    ObjectNode record = record("aws:s3", eventName, bucket, key, etag, sequencer);
    record.put("eventVersion", "2.1").put("awsRegion", "us-west-2");
    record.putObject("userIdentity").put("principalId", "AIDAJDPLRKLG7UEXAMPLE");
    record.putObject("requestParameters").put("sourceIPAddress", "127.0.0.1");
    record
        .putObject("responseElements")
        .put("x-amz-request-id", "C3D13FE58DE4C810")
        .put("x-amz-id-2", "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD");
    return record;
  }

  /** A notification of AWS. */
  public static ObjectNode aws(ObjectNode... records) {
    ObjectNode notification = JSON.objectNode();
    ArrayNode all = notification.putArray("Records");
    for (ObjectNode record : records) {
      all.add(record);
    }
    return notification;
  }

  /** What AWS sends when notifications are set up. */
  public static ObjectNode awsTest(String bucket) {
    return JSON.objectNode()
        .put("Service", "Amazon S3")
        .put("Event", "s3:TestEvent")
        .put("Time", "2026-11-13T15:57:02.089Z")
        .put("Bucket", bucket)
        .put("RequestId", "5582815E1AEA5ADF")
        .put("HostId", "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR");
  }

  /** A notification of MinIO: one record, and the bucket with the plain key outside. */
  public static ObjectNode minio(
      String eventName, String bucket, String key, String etag, String sequencer) {
    ObjectNode record = record("minio:s3", "s3:" + eventName, bucket, key, etag, sequencer);
    record.put("eventVersion", "2.0").put("awsRegion", "");
    record.putObject("userIdentity").put("principalId", "minioadmin");
    record
        .putObject("responseElements")
        .put("x-amz-request-id", "17A1B2C3D4E5F678")
        .put("x-minio-deployment-id", "4f6c3a1e-0000-0000-0000-000000000000")
        .put("x-minio-origin-endpoint", "http://127.0.0.1:9000");
    record
        .putObject("source")
        .put("host", "127.0.0.1")
        .put("port", "")
        .put("userAgent", "MinIO (linux; amd64)");
    ObjectNode notification =
        JSON.objectNode().put("EventName", "s3:" + eventName).put("Key", bucket + "/" + key);
    notification.putArray("Records").add(record);
    return notification;
  }

  /** What EventBridge makes of it, with the key as it is. */
  public static ObjectNode eventBridge(
      String detailType, String bucket, String key, String etag, String sequencer) {
    ObjectNode notification =
        JSON.objectNode()
            .put("version", "0")
            .put("id", "17793124-05d4-b198-2fde-7ededc63b103")
            .put("detail-type", detailType)
            .put("source", "aws.s3");
    ObjectNode detail = notification.putObject("detail").put("version", "0");
    detail.putObject("bucket").put("name", bucket);
    detail
        .putObject("object")
        .put("key", key)
        .put("size", 5)
        .put("etag", etag)
        .put("sequencer", sequencer);
    return notification;
  }

  /** Another notification in the message of SNS. */
  public static ObjectNode sns(ObjectNode message) {
    return JSON.objectNode()
        .put("Type", "Notification")
        .put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
        .put("TopicArn", "arn:aws:sns:us-west-2:123456789012:MyTopic")
        .put("Message", message.toString());
  }

  /** Gives the bytes of a record's value. */
  public static byte[] bytes(ObjectNode notification) {
    return notification.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode record(
      String source, String eventName, String bucket, String key, String etag, String sequencer) {
    ObjectNode record =
        JSON.objectNode()
            .put("eventSource", source)
            .put("eventTime", "2026-11-23T03:00:00.000Z")
            .put("eventName", eventName);
    ObjectNode s3 = record.putObject("s3");
    s3.put("s3SchemaVersion", "1.0").put("configurationId", "Config");
    ObjectNode inBucket = s3.putObject("bucket").put("name", bucket);
    inBucket.putObject("ownerIdentity").put("principalId", "A3NL1KOZZKExample");
    inBucket.put("arn", "arn:aws:s3:::" + bucket);
    s3.putObject("object")
        .put("key", URLEncoder.encode(key, StandardCharsets.UTF_8))
        .put("size", 5)
        .put("eTag", etag)
        .put("sequencer", sequencer);
    return record;
  }
}
