package io.castore.audit.verify;

import io.castore.audit.log.ExpectedBlob;
import io.castore.audit.log.StoreLog;
import io.castore.audit.survey.CarefulRead;
import io.castore.audit.survey.ChunkCondition;
import io.castore.audit.survey.ChunkSurvey;
import io.castore.audit.survey.ReadRate;
import io.castore.content.blob.ChunkReader;
import io.castore.content.chunking.ChunkSizes;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.layout.ChunkRef;
import io.castore.content.objectstore.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at single blobs, after the chunks were walked by: at their objects, and at how the chunks
 * are that these list.
 *
 * <p>Where a list names a chunk that is not there, the log decides which of them is at fault: the
 * chunk, if the list is one that an upload had, or the list. A list that no upload had is right all
 * the same if its chunks are there and add up to the blob's size: another program may have written
 * it.
 *
 * <p>Safe for use by many threads.
 */
public final class BlobCheck {
  private final ObjectReader store;
  private final ChunkSurvey survey;
  private final Optional<StoreLog> log;
  private final Findings findings;
  private final Path directory;
  private final ChunkReader chunks;
  private final Optional<ReadRate> deep;

  /**
   * Prepares to look at blobs.
   *
   * @param findings is told of chunks at fault, and of the blobs that they hit
   * @param directory for copies of long lists
   * @param deep how fast blobs are read and their digests checked; not at all where it is empty
   */
  public BlobCheck(
      ObjectReader store,
      ChunkSurvey survey,
      Optional<StoreLog> log,
      Findings findings,
      Path directory,
      Optional<ReadRate> deep) {
    this.store = store;
    this.chunks = new ChunkReader(store);
    this.survey = survey;
    this.log = log;
    this.findings = findings;
    this.directory = directory;
    this.deep = deep;
  }

  /**
   * Looks at a blob. Of one whose object is missing or damaged, the chunks that the log knows are
   * looked at.
   *
   * @throws IOException if the store cannot be used
   */
  public BlobCondition check(Digest blob) throws IOException {
    Optional<ExpectedBlob> known = log.isPresent() ? log.get().blob(blob) : Optional.empty();
    BlobCondition condition = checkObject(blob, known);
    boolean isWanted = known.isPresent() && known.get().isLive();
    if (!(condition instanceof BlobCondition.Whole) && isWanted && log.isPresent()) {
      log.get().<IOException>visitChunks(known.get(), chunk -> blame(chunk.digest(), blob));
    }
    return condition;
  }

  private BlobCondition checkObject(Digest blob, Optional<ExpectedBlob> known) throws IOException {
    Optional<ListCopy> copy =
        CarefulRead.<Optional<Optional<ListCopy>>>read(
                () -> Optional.of(copy(blob)), unreadable -> Optional.empty())
            .orElse(Optional.empty());
    boolean isLeftOut = known.isPresent() && known.get().isObjectLeftOut();
    if (copy.isEmpty()) {
      if (isLeftOut && store.stat(BucketLayout.blobKey(blob)).isEmpty()) {
        return checkSingle(blob, known);
      }
      return store.stat(BucketLayout.blobKey(blob)).isPresent()
          ? new BlobCondition.Damaged("the object cannot be read")
          : new BlobCondition.Missing();
    }
    try (ListCopy list = copy.get()) {
      return CarefulRead.<BlobCondition>read(
          () -> checkList(blob, known, list), BlobCondition.Damaged::new);
    }
  }

  private Optional<ListCopy> copy(Digest blob) throws IOException {
    Optional<InputStream> object = store.open(BucketLayout.blobKey(blob));
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = object.get()) {
      return Optional.of(ListCopy.of(in, directory));
    }
  }

  private BlobCondition checkList(Digest blob, Optional<ExpectedBlob> known, ListCopy copy)
      throws IOException {
    ListGlance glance = glance(blob, copy, false);
    if (glance.count() == 0) {
      return checkSingle(blob, known);
    }
    if (blob.equals(Digest.EMPTY)) {
      return new BlobCondition.Damaged(
          "chunks: %d (expected: none, since the blob is empty)".formatted(glance.count()));
    }
    if (glance.count() == 1 && !blob.equals(glance.first())) {
      return new BlobCondition.Damaged(
          "its only chunk: %s (expected: the blob's own digest)".formatted(glance.first()));
    }
    boolean isFromUpload =
        log.isPresent() && (glance.count() == 1 || log.get().knowsList(blob, glance.listDigest()));
    if (!isFromUpload && glance.anyUnread()) {
      glance = glance(blob, copy, true);
    }
    Optional<String> fault = fault(glance, known, isFromUpload);
    if (fault.isPresent()) {
      return new BlobCondition.Damaged(fault.get());
    }
    if (glance.anyTrouble()) {
      visit(blob, copy, chunk -> blame(chunk.digest(), blob));
      return new BlobCondition.Whole();
    }
    return deep.isPresent() ? checkContent(blob, copy, deep.get()) : new BlobCondition.Whole();
  }

  private static Optional<String> fault(
      ListGlance glance, Optional<ExpectedBlob> known, boolean isFromUpload) {
    if (known.isPresent() && glance.size() != known.get().size()) {
      return Optional.of(
          "its chunks have %d bytes (expected: %d)".formatted(glance.size(), known.get().size()));
    }
    if (glance.sizeFault() != null) {
      return Optional.of(glance.sizeFault());
    }
    boolean isForeign = known.isPresent() && known.get().isListWhole() && !isFromUpload;
    return isForeign && glance.firstMissing() != null
        ? Optional.of(
            "it lists chunk %s, which is not there, and no upload of the blob had that list"
                .formatted(glance.firstMissing()))
        : Optional.empty();
  }

  /** Looks at a blob whose object lists nothing: the empty one, or one with a single chunk. */
  private BlobCondition checkSingle(Digest blob, Optional<ExpectedBlob> known) throws IOException {
    if (blob.equals(Digest.EMPTY)) {
      return new BlobCondition.Whole();
    }
    ChunkCondition chunk = survey.condition(blob);
    if (chunk instanceof ChunkCondition.Missing
        && known.isPresent()
        && known.get().chunkCount() != 1) {
      return new BlobCondition.Damaged(
          "it lists no chunks (expected: %d)".formatted(known.get().chunkCount()));
    }
    blame(blob, blob);
    return new BlobCondition.Whole();
  }

  /** Says that a chunk hits a blob, where something is wrong with it. */
  private void blame(Digest chunk, Digest blob) throws IOException {
    ChunkCondition condition = survey.condition(chunk);
    if (condition instanceof ChunkCondition.Damaged damaged) {
      findings.damaged(new BucketObject.Chunk(chunk), damaged.reason());
      findings.hit(chunk, blob);
    } else if (condition instanceof ChunkCondition.Missing) {
      boolean isOfLog = log.isPresent() && log.get().wasEverStored(chunk);
      findings.missing(
          new BucketObject.Chunk(chunk),
          isOfLog ? "the object is gone" : "a list names it, and there is no such object");
      findings.hit(chunk, blob);
    }
  }

  private BlobCondition checkContent(Digest blob, ListCopy copy, ReadRate rate) throws IOException {
    Blake3 hash = new Blake3();
    boolean[] isWhole = {true};
    visit(
        blob,
        copy,
        chunk -> {
          rate.await(chunk.size());
          Optional<byte[]> raw = content(chunk, blob);
          raw.ifPresent(bytes -> hash.update(bytes, 0, bytes.length));
          isWhole[0] &= raw.isPresent();
        });
    Digest content = hash.finish();
    return !isWhole[0] || content.equals(blob)
        ? new BlobCondition.Whole()
        : new BlobCondition.Damaged(
            "its chunks together have the digest %s (expected: the key's)".formatted(content));
  }

  /** Reads a chunk that was there, but perhaps was not read before. */
  private Optional<byte[]> content(ChunkRef chunk, Digest blob) throws IOException {
    Optional<byte[]> raw =
        CarefulRead.read(() -> chunks.read(chunk.digest()), unreadable -> Optional.<byte[]>empty());
    if (raw.isEmpty()) {
      survey.lookAgain(chunk.digest());
      blame(chunk.digest(), blob);
    }
    return raw;
  }

  private ListGlance glance(Digest blob, ListCopy copy, boolean asksSizes) throws IOException {
    ListGlance glance = new ListGlance(survey, asksSizes);
    visit(blob, copy, glance::take);
    return glance;
  }

  private static void visit(Digest blob, ListCopy copy, BlobIndex.Visitor visitor)
      throws IOException {
    try (InputStream in = copy.open()) {
      BlobIndex.visit(blob, in, ChunkSizes.LARGEST_LEGAL_CHUNK, visitor);
    }
  }
}
