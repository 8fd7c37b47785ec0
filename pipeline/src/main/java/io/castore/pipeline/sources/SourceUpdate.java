package io.castore.pipeline.sources;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.SourceEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic {@code source-updates}: an upload of a source is complete.
 *
 * @param name the source's name
 */
public record SourceUpdate(String name, SourceEntry entry) {
  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if it is none; the message is for a person
   */
  public static SourceUpdate of(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null || key.length == 0) {
      throw new IllegalArgumentException("the update names no source");
    }
    if (value == null) {
      throw new IllegalArgumentException("the update of the source has no value");
    }
    SourceEntry entry;
    try {
      entry = SourceEntry.parseFrom(value);
    } catch (InvalidProtocolBufferException unparsable) {
      throw new IllegalArgumentException(
          "the update of the source is unparsable: " + unparsable.getMessage(), unparsable);
    }
    requireLength("blob's digest", entry.getBlobDigest().size(), Digest.LENGTH);
    requireLength("upload's id", entry.getUploadId().size(), UploadId.LENGTH);
    return new SourceUpdate(name(key), entry);
  }

  private static String name(byte[] key) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException notText) {
      throw new IllegalArgumentException("the source's name is not UTF-8", notText);
    }
  }

  private static void requireLength(String what, int bytes, int expected) {
    if (bytes != expected) {
      throw new IllegalArgumentException(
          "the %s has %d bytes (expected: %d)".formatted(what, bytes, expected));
    }
  }

  /**
   * Whether it is to be written over what is known of the source: it has a newer version, or is the
   * same once more.
   *
   * @param known null where that is nothing
   */
  public boolean replaces(@Nullable SourceEntry known) {
    return NewerVersion.replaces(entry, known);
  }
}
