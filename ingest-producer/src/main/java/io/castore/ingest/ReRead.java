package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent.Sealed;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads a source once more to give some of its chunks again. It reads twice: first it makes sure
 * that the whole is what it was, and notes the digests of the chunks, and then it gives these, each
 * only if it still has that digest. So nothing of a source that has changed is given, however large
 * it is, and no more is remembered than the digests of the chunks that are wanted.
 *
 * <p>Used by one thread.
 */
final class ReRead {
  private final Source source;
  private final UploadId upload;
  private final SourceReader reader;
  private final Map<Long, Digest> wanted = new HashMap<>();

  ReRead(Source source, UploadId upload, SourceReader reader) {
    this.source = source;
    this.upload = upload;
    this.reader = reader;
  }

  /**
   * Gives chunks again, with their bytes.
   *
   * @param check asked before each chunk that is read; its exception ends this
   * @param sink takes each chunk that is wanted once
   * @throws SourceChangedException if the source is not what it was any more
   * @throws IOException if it cannot be read, or the check or the sink threw it
   */
  void send(WantedChunks.Batch batch, BacklogGate.Check check, SourceReader.ChunkSink sink)
      throws IOException {
    note(batch.seqs(), batch.content(), check);
    give(check, sink);
  }

  private void note(BitSet seqs, Sealed content, BacklogGate.Check check) throws IOException {
    try (InputStream in = source.open()) {
      Sealed found =
          reader.read(
              in,
              upload,
              SourceReader.Referable.of(digest -> true),
              (digest, chunk) -> {
                check.check();
                if (seqs.get(index(chunk))) {
                  wanted.put(chunk.getSeq(), digest);
                }
              });
      source.checkContent(Digest.of(found.getBlobDigest().toByteArray()), found.getSize());
      if (!found.equals(content)) {
        throw changed();
      }
    }
  }

  private void give(BacklogGate.Check check, SourceReader.ChunkSink sink) throws IOException {
    Set<Digest> withBytes = new HashSet<>(wanted.values());
    try (InputStream in = source.open()) {
      Sealed unused =
          reader.read(
              in,
              upload,
              SourceReader.Referable.of(digest -> !withBytes.contains(digest)),
              (digest, chunk) -> {
                check.check();
                Digest noted = wanted.remove(chunk.getSeq());
                if (noted == null) {
                  return;
                }
                if (!noted.equals(digest)) {
                  throw changed();
                }
                sink.accept(digest, chunk);
              });
    }
    if (!wanted.isEmpty()) {
      throw changed();
    }
  }

  /** Gives a seq as a place among bits; beyond the last one there is nothing that is wanted. */
  private static int index(ChunkRecord chunk) {
    return (int) Math.min(chunk.getSeq(), Integer.MAX_VALUE);
  }

  private static SourceChangedException changed() {
    return new SourceChangedException("its content is another");
  }
}
