package io.castore.benchmarks;

import io.castore.benchmarks.data.DataKind;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.FastCdc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Counts what one call of a benchmark makes: one hash, or so many chunks. */
final class Units {
  private final Map<DataKind, Integer> chunks = new EnumMap<>(DataKind.class);

  /** Cuts the files of a directory, which are as long as the contents are. */
  Units(Path data) throws IOException {
    FastCdc chunker = new FastCdc(ChunkSizes.DEFAULT);
    for (DataKind kind : DataKind.values()) {
      byte[] content = Files.readAllBytes(data.resolve(kind.fileName()));
      int count = 0;
      for (int at = 0; at < content.length; count++) {
        at += chunker.cut(content, at, content.length - at);
      }
      chunks.put(kind, count);
    }
  }

  int in(Workload workload) {
    return switch (workload.operation()) {
      case HASH, HASH_STREAM -> 1;
      case CUT, SPLIT_UNIQUE, SPLIT_DUPLICATE -> chunks.getOrDefault(workload.data(), 1);
      case COMPRESS, DECOMPRESS ->
          (workload.bytes() + ZstdBenchmark.BLOCK_BYTES - 1) / ZstdBenchmark.BLOCK_BYTES;
    };
  }
}
