package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.RootRule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is on record of which blobs are kept, and which not any longer.
 *
 * <p>Methods throw {@link org.apache.kafka.common.KafkaException} where Kafka cannot be used.
 */
public interface RootRules {
  /** Takes rules. */
  @FunctionalInterface
  interface Visitor {
    /** Takes the next rule; without one, the blob has none from here on. */
    void visit(Digest blob, @Nullable RootRule rule) throws IOException;
  }

  /** Visits all rules up to now, those of one blob in their order. Older ones may be gone. */
  void read(Visitor visitor) throws IOException;

  /** Writes a blob's rule, or that it has none any more. */
  void write(Digest blob, @Nullable RootRule rule);

  /** Waits until all that was written is on record. */
  void flush();
}
