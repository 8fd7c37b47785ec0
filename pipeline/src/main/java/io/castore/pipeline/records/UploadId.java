package io.castore.pipeline.records;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * Names one upload: a UUID version 7 (RFC 9562), whose first 48 bits are the time it was made, so
 * that ids sort by age.
 *
 * @param uuid the id's 128 bits
 */
public record UploadId(UUID uuid) implements Comparable<UploadId> {
  /** Length of an id in a record, in bytes. */
  public static final int LENGTH = 16;

  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

  /** Makes a new one. Safe to call from many threads. */
  public static UploadId random() {
    return new UploadId(GENERATOR.generate());
  }

  /**
   * Reads the {@value #LENGTH} bytes of an id.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static UploadId of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "invalid upload id length: " + bytes.length + " bytes (expected: " + LENGTH + ")");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UploadId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /**
   * Reads an id as a person types it.
   *
   * @throws IllegalArgumentException if the text is not a UUID
   */
  public static UploadId parse(String text) {
    UUID uuid;
    try {
      uuid = UUID.fromString(text);
    } catch (IllegalArgumentException notAUuid) {
      throw new IllegalArgumentException(
          "not an upload id: \"" + text + "\" (expected: a UUID)", notAUuid);
    }
    // UUID.fromString also takes what lacks digits, such as "1-2-3-4-5".
    if (!uuid.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("not an upload id: \"" + text + "\" (expected: a UUID)");
    }
    return new UploadId(uuid);
  }

  /** Gives the {@value #LENGTH} bytes, most significant first. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** Tells when the id was made, to the millisecond. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
  }

  @Override
  public int compareTo(UploadId other) {
    int high =
        Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
