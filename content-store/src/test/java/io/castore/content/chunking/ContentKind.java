package io.castore.content.chunking;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What contents of tests can look like to a hash that rolls over them. */
enum ContentKind {
  RANDOM {
    @Override
    byte[] generate(Random random, int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
  },
  ONE_BYTE_REPEATED {
    @Override
    byte[] generate(Random random, int length) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0 : random.nextInt(256)));
      return bytes;
    }
  },
  PATTERN_REPEATED {
    @Override
    byte[] generate(Random random, int length) {
      byte[] pattern = RANDOM.generate(random, 1 + random.nextInt(100));
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = pattern[i % pattern.length];
      }
      return bytes;
    }
  },
  FEW_VALUES {
    @Override
    byte[] generate(Random random, int length) {
      byte[] values = RANDOM.generate(random, 2 + random.nextInt(3));
      byte[] bytes = RANDOM.generate(random, length);
      for (int i = 0; i < length; i++) {
        bytes[i] = values[(bytes[i] & 0xff) % values.length];
      }
      return bytes;
    }
  },
  TEXT {
    @Override
    byte[] generate(Random random, int length) {
      String[] words = {
        "the", "chunk", "ends", "where", "a", "hash", "meets", "its", "mask", ".\n"
      };
      StringBuilder text = new StringBuilder(length + 16);
      while (text.length() < length) {
        text.append(words[random.nextInt(words.length)]).append(' ');
      }
      return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }
  },
  /** Runs of all the others, so that one follows another within a hash's reach. */
  MIXED {
    @Override
    byte[] generate(Random random, int length) {
      byte[] bytes = new byte[length];
      for (int at = 0; at < length; ) {
        ContentKind kind = PARTS.get(random.nextInt(PARTS.size()));
        int run = Math.min(length - at, 1 + random.nextInt(2000));
        System.arraycopy(kind.generate(random, run), 0, bytes, at, run);
        at += run;
      }
      return bytes;
    }
  };

  private static final List<ContentKind> PARTS =
      List.of(RANDOM, ONE_BYTE_REPEATED, PATTERN_REPEATED, FEW_VALUES, TEXT);

  abstract byte[] generate(Random random, int length);
}
