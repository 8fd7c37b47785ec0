package io.castore.content.digest.blake3;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads and writes the little-endian words that BLAKE3 takes bytes for. */
final class Words {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  static int get(byte[] bytes, int offset) {
    return (int) INTS.get(bytes, offset);
  }

  static void set(byte[] bytes, int offset, int word) {
    INTS.set(bytes, offset, word);
  }

  /** Writes words one behind the other. */
  static void copy(int[] words, byte[] bytes, int offset) {
    for (int i = 0; i < words.length; i++) {
      set(bytes, offset + i * Integer.BYTES, words[i]);
    }
  }
}
