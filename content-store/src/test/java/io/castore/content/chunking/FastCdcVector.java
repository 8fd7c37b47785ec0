package io.castore.content.chunking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One of the cases of {@code vectors/fastcdc-public.json}: an input, by the rule that makes it, and
 * the chunks that the Rust crate gives.
 */
record FastCdcVector(
    String name, JsonNode input, FastCdcParameters parameters, String blake3, List<Cut> chunks) {

  record Cut(int offset, int length, String blake3) {}

  static Stream<FastCdcVector> all() {
    try (InputStream json = open("fastcdc-public.json")) {
      JsonNode cases = new ObjectMapper().readTree(json).get("cases");
      return StreamSupport.stream(cases.spliterator(), false).map(FastCdcVector::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] content() {
    return generate(input);
  }

  @Override
  public String toString() {
    return name;
  }

  private static FastCdcVector parse(JsonNode node) {
    FastCdcParameters parameters =
        new FastCdcParameters(
            node.get("min").asInt(),
            node.get("avg").asInt(),
            node.get("max").asInt(),
            node.get("level").asInt(),
            Long.parseUnsignedLong(node.get("gear_seed").asText(), 16));
    List<Cut> chunks = new ArrayList<>();
    for (JsonNode chunk : node.get("chunks")) {
      chunks.add(new Cut(chunk.get(0).asInt(), chunk.get(1).asInt(), chunk.get(3).asText()));
    }
    return new FastCdcVector(
        node.get("name").asText(),
        node.get("input"),
        parameters,
        node.get("blake3").asText(),
        List.copyOf(chunks));
  }

  private static byte[] generate(JsonNode input) {
    int length = input.path("length").asInt();
    String kind = input.get("kind").asText();
    return switch (kind) {
      case "splitmix64" -> random(seed(input), length, input.get("and").asInt());
      case "byte" -> {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) input.get("value").asInt());
        yield bytes;
      }
      case "text" -> {
        byte[] text = input.get("text").asText().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
          bytes[i] = text[i % text.length];
        }
        yield bytes;
      }
      case "lines" -> lines(seed(input), length);
      case "concat" -> {
        byte[] bytes = new byte[0];
        for (JsonNode part : input.get("parts")) {
          byte[] next = generate(part);
          byte[] joined = Arrays.copyOf(bytes, bytes.length + next.length);
          System.arraycopy(next, 0, joined, bytes.length, next.length);
          bytes = joined;
        }
        yield bytes;
      }
      case "fixture" -> {
        int offset = input.get("offset").asInt();
        try (InputStream file = open(input.get("file").asText())) {
          yield Arrays.copyOfRange(file.readAllBytes(), offset, offset + length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static byte[] random(long seed, int length, int and) {
    SplitMix64 random = new SplitMix64(seed);
    ByteBuffer words = ByteBuffer.allocate(length + 8).order(ByteOrder.LITTLE_ENDIAN);
    while (words.position() < length) {
      words.putLong(random.next());
    }
    byte[] bytes = Arrays.copyOf(words.array(), length);
    for (int i = 0; i < length; i++) {
      bytes[i] &= (byte) and;
    }
    return bytes;
  }

  private static byte[] lines(long seed, int length) {
    SplitMix64 random = new SplitMix64(seed);
    StringBuilder lines = new StringBuilder(length + 64);
    for (int i = 0; lines.length() < length; i++) {
      lines.append("%010d %016x\n".formatted(i, random.next()));
    }
    return lines.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static long seed(JsonNode input) {
    return Long.parseUnsignedLong(input.get("seed").asText(), 16);
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(
        FastCdcVector.class.getResourceAsStream("/vectors/" + file), file);
  }

  private static final class SplitMix64 {
    private long state;

    SplitMix64(long seed) {
      state = seed;
    }

    long next() {
      state += 0x9e3779b97f4a7c15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }
  }
}
