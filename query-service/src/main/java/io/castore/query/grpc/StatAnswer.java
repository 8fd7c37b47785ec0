package io.castore.query.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.ChunkList;
import io.castore.content.reading.BlobStat;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.StatBlobResponse.ChunkMeta;
import java.util.Optional;

/** What a client is told of a digest. */
final class StatAnswer {
  private StatAnswer() {}

  /**
   * Makes the answer.
   *
   * @param sendChunks whether the chunks were asked for. They are left out where the message would
   *     be too long: the client reads the blob as a whole then
   * @return empty where there is no such thing
   */
  static Optional<StatBlobResponse> of(BlobStat stat, boolean sendChunks) {
    if (stat instanceof BlobStat.Absent) {
      return Optional.empty();
    }
    if (stat instanceof BlobStat.Listed listed
        && sendChunks
        && BlobIndex.encodedLength(listed.chunks()) < BlobPart.LONGEST_MESSAGE) {
      return Optional.of(list(listed.chunks()));
    }
    return Optional.of(StatBlobResponse.getDefaultInstance());
  }

  private static StatBlobResponse list(ChunkList chunks) {
    StatBlobResponse.Builder answer = StatBlobResponse.newBuilder();
    chunks.stream()
        .forEach(
            chunk ->
                answer.addChunks(
                    ChunkMeta.newBuilder()
                        .setDigest(UnsafeByteOperations.unsafeWrap(chunk.digest().toBytes()))
                        .setSize(chunk.size())));
    return answer.build();
  }
}
