package io.castore.audit.replay;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.ChunkRequest;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.time.Instant;
import java.util.HexFormat;

/** Says what records say, for people. */
final class RecordText {
  private RecordText() {}

  static String of(UploadEvent event) {
    return switch (event.getEventCase()) {
      case OPENED -> of(event.getOpened());
      case SEALED -> of(event.getSealed());
      case WHOLE -> of(event.getWhole().getOpened()) + "; " + of(event.getWhole().getSealed());
      case ABORTED -> "aborted: " + event.getAborted().getReason();
      case EVENT_NOT_SET -> "an event that this version does not know";
    };
  }

  private static String of(UploadEvent.Opened opened) {
    return "opened: source %s, at %s"
        .formatted(opened.getSource(), Instant.ofEpochMilli(opened.getOpenedAtMs()));
  }

  private static String of(UploadEvent.Sealed sealed) {
    return "sealed: blob %s, %d bytes, %d chunks"
        .formatted(hex(sealed.getBlobDigest()), sealed.getSize(), sealed.getChunkCount());
  }

  static String of(ChunkReceipt receipt) {
    String text =
        "%s: chunk %s, %s, %d bytes, store %s"
                .formatted(
                    receipt.getResult(),
                    Long.toUnsignedString(receipt.getSeq()),
                    hex(receipt.getDigest()),
                    receipt.getRawSize(),
                    receipt.getStoreId())
            + (receipt.getClaimed() ? ", blob claimed" : "");
    return receipt.getReason().isEmpty() ? text : text + ": " + receipt.getReason();
  }

  static String of(Digest key, ChunkRecord chunk) {
    String what =
        switch (chunk.getContentCase()) {
          case RAW -> "raw, " + chunk.getRaw().size() + " bytes";
          case ZSTD_FRAME -> "zstd, " + chunk.getZstdFrame().size() + " bytes";
          case REFERENCE -> "a reference";
          case CLAIM -> "a claim of the blob";
          case MARK, COLLECT, FORGET, RESTORE -> "an order";
          case CONTENT_NOT_SET -> "nothing that this version knows";
        };
    return "chunk %s, %s, %d raw bytes: %s"
        .formatted(Long.toUnsignedString(chunk.getSeq()), key, chunk.getRawSize(), what);
  }

  static String of(ChunkRequest request) {
    return "wanted again: chunks " + request.getSeqsList();
  }

  static String of(UploadStatus status) {
    String text =
        "%s: %d of %d chunks, %d bytes, %d chunks new"
            .formatted(
                status.getState(),
                status.getChunksReceived(),
                status.getChunkCount(),
                status.getBytesReceived(),
                status.getNewChunks());
    return status.getReason().isEmpty() ? text : text + ": " + status.getReason();
  }

  private static String hex(ByteString digest) {
    return HexFormat.of().formatHex(digest.toByteArray());
  }
}
