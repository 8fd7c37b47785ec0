package io.castore.content.layout;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.castore.content.digest.Digest;
import io.castore.content.objectstore.ObjectBody;
import io.castore.proto.castore.StatBlobResponse;
import io.castore.proto.castore.StatBlobResponse.ChunkMeta;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The content of a blob object: a serialized {@code StatBlobResponse} that lists the blob's chunks
 * where there are two or more, and no bytes at all where the blob is empty or is a single chunk.
 *
 * <table>
 * <caption>An entry, once for each chunk, in the order of the content</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>1</td><td>{@code 12}: field 2 of the response, a message</td></tr>
 * <tr><td>1</td><td>length of the rest of the entry, 36 to 45</td></tr>
 * <tr><td>2</td><td>{@code 0a 20}: field 1 of the entry, 32 bytes</td></tr>
 * <tr><td>32</td><td>the chunk's digest</td></tr>
 * <tr><td>1</td><td>{@code 10}: field 2 of the entry, a number</td></tr>
 * <tr><td>1 to 10</td><td>the chunk's raw size, as a varint; 3 bytes from 16 KiB to 2 MiB</td></tr>
 * </table>
 *
 * <p>Writing can go entry by entry, so that no list needs to be held.
 */
public final class BlobIndex {
  /** Length of the longest entry that is read. One with fields of other programs may be long. */
  private static final int LONGEST_ENTRY_READ = 1024;

  /** Length of the shortest entry that there is, in bytes. */
  private static final int SHORTEST_ENTRY = entryLength(1);

  private static final int ENTRY_TAG =
      tag(StatBlobResponse.CHUNKS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  private BlobIndex() {}

  /** Takes a blob object's entries. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the next entry; an exception ends the reading and reaches its caller. */
    void visit(ChunkRef chunk) throws IOException;
  }

  /**
   * Tells how long an entry is.
   *
   * @param chunkSize length of the raw chunk, in bytes
   * @return length of the entry, in bytes
   */
  public static int entryLength(long chunkSize) {
    return 2 + payloadLength(chunkSize);
  }

  /**
   * Writes one entry. The object is the entries one after another, where there are at least two.
   */
  public static void writeEntry(ChunkRef chunk, OutputStream out) throws IOException {
    byte[] entry = new byte[entryLength(chunk.size())];
    CodedOutputStream coded = CodedOutputStream.newInstance(entry);
    coded.writeUInt32NoTag(ENTRY_TAG);
    coded.writeUInt32NoTag(payloadLength(chunk.size()));
    coded.writeByteArray(ChunkMeta.DIGEST_FIELD_NUMBER, chunk.digest().toBytes());
    coded.writeUInt64(ChunkMeta.SIZE_FIELD_NUMBER, chunk.size());
    coded.checkNoSpaceLeft();
    out.write(entry);
  }

  /**
   * Tells how many chunks a blob object can list at most.
   *
   * @param encodedLength length of the object, in bytes
   */
  public static long mostChunks(long encodedLength) {
    return encodedLength / SHORTEST_ENTRY;
  }

  /** Tells how long a blob's object is, in bytes. */
  public static long encodedLength(ChunkList list) {
    return list.count() < 2 ? 0 : list.stream().mapToLong(chunk -> entryLength(chunk.size())).sum();
  }

  /** Gives the content of a blob's object. */
  public static ObjectBody body(ChunkList list) {
    return body(list.count(), encodedLength(list), list::stream);
  }

  /**
   * Gives the content of a blob's object without holding the list.
   *
   * @param count how many chunks the blob has
   * @param encodedLength the sum of {@link #entryLength} over all chunks
   * @param chunks opens the chunks from the first one on, each time that the body is read; the
   *     stream is closed with the body's
   * @return a body whose streams fail with an {@link IOException} where the chunks are not of that
   *     count or length
   */
  public static ObjectBody body(
      long count, long encodedLength, Supplier<? extends Stream<ChunkRef>> chunks) {
    if (count < 2) {
      return ObjectBody.of(new byte[0]);
    }
    return new ObjectBody() {
      @Override
      public long size() {
        return encodedLength;
      }

      @Override
      public InputStream open() {
        return new EntryStream(chunks.get(), count, encodedLength);
      }
    };
  }

  /**
   * Reads a blob object into memory.
   *
   * @param blob digest of the blob
   * @param in the object's bytes from the first one on; not closed
   * @param maxChunkSize length of the largest chunk that is read, in bytes
   * @param maxChunks how many chunks are held at most
   * @return empty where the object lists nothing: the blob is empty, or is a single chunk with the
   *     blob's own digest
   * @throws CorruptObjectException if the bytes cannot be the list of that blob's chunks
   * @throws TooManyChunksException if there are more than {@code maxChunks}
   * @throws IOException if reading fails
   */
  public static Optional<ChunkList> parse(
      Digest blob, InputStream in, int maxChunkSize, int maxChunks) throws IOException {
    return parse(blob, in, maxChunkSize, maxChunks, ChunkList.builder(blob));
  }

  /**
   * Reads a blob object into memory as {@link #parse(Digest, InputStream, int, int)} does, into a
   * list that was begun with as much room as is held ready for it.
   */
  public static Optional<ChunkList> parse(
      Digest blob, InputStream in, int maxChunkSize, int maxChunks, ChunkList.Builder list)
      throws IOException {
    int[] count = {0};
    try {
      visit(
          blob,
          in,
          maxChunkSize,
          chunk -> {
            if (++count[0] > maxChunks) {
              throw new TooManyChunksException(blob, maxChunks);
            }
            list.add(chunk);
          });
      return count[0] == 0 ? Optional.empty() : Optional.of(list.build());
    } catch (IllegalArgumentException impossible) {
      throw new CorruptObjectException(
          BucketLayout.blobKey(blob), String.valueOf(impossible.getMessage()), impossible);
    }
  }

  /**
   * Reads a blob object entry by entry. Whether the entries together can be the blob's is for the
   * caller to check.
   *
   * @param blob digest of the blob
   * @param in the object's bytes from the first one on; not closed
   * @param maxChunkSize length of the largest chunk that is read, in bytes
   * @throws CorruptObjectException if the bytes are no {@code StatBlobResponse}, or an entry has a
   *     digest that is not of 32 bytes or a size outside 1 to {@code maxChunkSize}
   * @throws IOException if reading fails, or the visitor threw it
   */
  public static void visit(Digest blob, InputStream in, int maxChunkSize, Visitor visitor)
      throws IOException {
    CodedInputStream coded = CodedInputStream.newInstance(in);
    coded.setSizeLimit(Integer.MAX_VALUE);
    long index = 0;
    while (true) {
      Optional<ChunkMeta> entry;
      try {
        entry = nextEntry(coded);
      } catch (InvalidProtocolBufferException e) {
        throw new CorruptObjectException(
            BucketLayout.blobKey(blob),
            "not a StatBlobResponse, after " + index + " chunks: " + e.getMessage(),
            e);
      }
      if (entry.isEmpty()) {
        return;
      }
      visitor.visit(check(entry.get(), blob, index, maxChunkSize));
      index++;
    }
  }

  /** Gives empty at the end of the object. Fields that are not known are passed over. */
  private static Optional<ChunkMeta> nextEntry(CodedInputStream coded) throws IOException {
    while (true) {
      // The limit holds for each field, since an object of many entries may be of any length.
      coded.resetSizeCounter();
      int tag = coded.readTag();
      if (tag == ENTRY_TAG) {
        int length = coded.readRawVarint32();
        if (length < 0 || length > LONGEST_ENTRY_READ) {
          throw new InvalidProtocolBufferException(
              "length of an entry: %d (expected: at most %d)"
                  .formatted(length, LONGEST_ENTRY_READ));
        }
        return Optional.of(ChunkMeta.parseFrom(coded.readRawBytes(length)));
      }
      if (tag == 0) {
        return Optional.empty();
      }
      if (!coded.skipField(tag)) {
        throw new InvalidProtocolBufferException("a group ends that did not begin");
      }
    }
  }

  private static ChunkRef check(ChunkMeta entry, Digest blob, long index, int maxChunkSize)
      throws CorruptObjectException {
    ByteString digest = entry.getDigest();
    if (digest.size() != Digest.LENGTH) {
      throw new CorruptObjectException(
          BucketLayout.blobKey(blob),
          "digest of chunk %d: %d bytes (expected: %d)"
              .formatted(index, digest.size(), Digest.LENGTH));
    }
    if (entry.getSize() < 1 || entry.getSize() > maxChunkSize) {
      throw new CorruptObjectException(
          BucketLayout.blobKey(blob),
          "size of chunk %d: %s bytes (expected: 1 to %d)"
              .formatted(index, Long.toUnsignedString(entry.getSize()), maxChunkSize));
    }
    return new ChunkRef(Digest.of(digest.toByteArray()), entry.getSize());
  }

  private static int payloadLength(long chunkSize) {
    return CodedOutputStream.computeTagSize(ChunkMeta.DIGEST_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(Digest.LENGTH)
        + Digest.LENGTH
        + CodedOutputStream.computeUInt64Size(ChunkMeta.SIZE_FIELD_NUMBER, chunkSize);
  }

  private static int tag(int fieldNumber, int wireType) {
    return fieldNumber << 3 | wireType;
  }
}
