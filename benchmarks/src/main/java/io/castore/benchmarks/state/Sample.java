package io.castore.benchmarks.state;

import com.google.protobuf.ByteString;
import java.util.function.IntFunction;

/**
 * Entries of one store, or records of one topic, as they are in the field.
 *
 * @param name its name
 * @param entries makes the entry of a number
 */
public record Sample(String name, IntFunction<Entry> entries) {
  /** The bytes of a key and its value. */
  public record Entry(ByteString key, ByteString value) {
    int bytes() {
      return key.size() + value.size();
    }
  }

  /** Makes the entry of a number. */
  public Entry entry(int number) {
    return entries.apply(number);
  }
}
