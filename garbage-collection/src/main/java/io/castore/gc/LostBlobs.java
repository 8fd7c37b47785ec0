package io.castore.gc;

import io.castore.content.digest.Digest;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.proto.pipeline.RootRule;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Finds blobs that a complete upload or a pin keeps, and whose objects are not in the store. Which
 * chunks they need is not known until they are mended, and would look like garbage.
 *
 * <p>A blob that is a single chunk needs no object, and the indexer may have left it out: where the
 * store has a chunk of the blob's digest, that is what the blob needs.
 *
 * <p>Not thread-safe, but for {@link #found}.
 */
final class LostBlobs {
  private static final byte[] PINNED = {};
  private static final byte[] OF_ANOTHER_STORE = {0};
  private static final byte[] OF_THIS_STORE = {1};

  private final UploadHistory history;
  private final UploadTable uploads;
  private final RuleTable rules;
  private final ObjectReader store;

  /** Blobs that were not found yet, each with the newest complete upload that keeps it. */
  private final DigestTable expected;

  private final DigestTable unlisted;
  private final DigestTable listed;
  private final DigestTable live;
  private final DigestTable stores;

  LostBlobs(
      UploadHistory history,
      UploadTable uploads,
      RuleTable rules,
      ObjectReader store,
      ScratchStore scratch) {
    this.history = history;
    this.uploads = uploads;
    this.rules = rules;
    this.store = store;
    expected = new DigestTable(scratch, ScratchKeys.EXPECTED_BLOBS);
    unlisted = new DigestTable(scratch, ScratchKeys.UNLISTED);
    listed = new DigestTable(scratch, ScratchKeys.LISTED);
    live = new DigestTable(scratch, ScratchKeys.LIVE);
    stores = new DigestTable(scratch, ScratchKeys.STORES_OF_BLOBS);
  }

  /** Notes that a complete upload keeps a blob. Of one blob's uploads the newest comes last. */
  void expect(Digest blob, UploadTable.Entry upload) throws IOException {
    if (!blob.equals(Digest.EMPTY)) {
      expected.put(blob, upload.id().toBytes());
      if (upload.status().getChunkCount() > 1) {
        listed.add(blob);
      }
    }
  }

  /** Notes which blobs are pinned. */
  void expectPinned() throws IOException {
    rules.visitPinned(
        blob -> {
          if (!blob.equals(Digest.EMPTY) && !expected.contains(blob)) {
            expected.put(blob, PINNED);
          }
        });
  }

  /** Notes that a blob's object was read, whatever it holds. Safe for use by many threads. */
  void found(Digest blob) throws IOException {
    expected.remove(blob);
  }

  /**
   * Takes the blobs that have no object, and of which all uploads that keep them are of a single
   * chunk, as what they are without one: that chunk is needed. Whether it is there, {@link
   * #seenChunk} is told.
   */
  void takeUnlisted() throws IOException {
    expected.visit(
        (blob, upload) -> {
          if (upload.length > 0 && !listed.contains(blob)) {
            unlisted.put(blob, upload);
            live.add(blob);
          }
        });
    unlisted.visit((blob, upload) -> expected.remove(blob));
  }

  /** Notes that a chunk is in the store. */
  void seenChunk(Digest chunk) throws IOException {
    if (unlisted.contains(chunk)) {
      unlisted.remove(chunk);
    }
  }

  /** Takes the blobs whose single chunk was not seen as lost, until they are looked for again. */
  void expectUnseen() throws IOException {
    unlisted.visit(expected::put);
    unlisted.clear();
  }

  /**
   * Tells which blobs are lost. What has come meanwhile is read after all; what was dropped
   * meanwhile, and collected by another run, is missed by nobody; nor is what was another store's.
   */
  void check(BlobLists lists, DamagedLists damaged) throws IOException {
    lookAgain(lists, damaged);
    if (isNoneLeft()) {
      return;
    }
    rules.read();
    passOverDropped();
    if (isNoneLeft()) {
      return;
    }
    passOverOtherStores();
    expected.visit(
        (blob, upload) ->
            damaged.add(
                new CorruptObjectException(
                    BucketLayout.blobKey(blob),
                    upload.length == 0
                        ? "it is missing, though it is pinned"
                        : "it is missing, though upload %s is complete"
                            .formatted(UploadId.of(upload)))));
  }

  private boolean isNoneLeft() throws IOException {
    boolean[] none = {true};
    expected.visit((blob, upload) -> none[0] = false);
    return none[0];
  }

  private void lookAgain(BlobLists lists, DamagedLists damaged) throws IOException {
    expected.visit(
        (blob, upload) -> {
          Optional<ObjectInfo> object = store.stat(BucketLayout.blobKey(blob));
          if (object.isEmpty()) {
            if (store.stat(BucketLayout.chunkKey(blob)).isPresent()) {
              live.add(blob);
              found(blob);
            }
            return;
          }
          try {
            if (lists.take(blob, object.get())) {
              found(blob);
            }
          } catch (CorruptObjectException unreadable) {
            damaged.add(unreadable);
            found(blob);
          }
        });
  }

  private void passOverDropped() throws IOException {
    expected.visit(
        (blob, upload) -> {
          Optional<RootRule> rule = rules.get(blob);
          boolean isKept =
              upload.length == 0
                  ? rule.isPresent() && rule.get().hasPin()
                  : rule.isEmpty()
                      || !rule.get().hasDrop()
                      || uploads
                          .get(UploadId.of(upload))
                          .filter(one -> !RuleTable.isDropped(one, rule.get().getDrop()))
                          .isPresent();
          if (!isKept) {
            expected.remove(blob);
          }
        });
  }

  /** Uploads of a store that the topics served before are complete, and their blobs are there. */
  private void passOverOtherStores() throws IOException {
    Optional<String> here = StoreIdentity.find(store).map(StoreIdentity::id);
    if (here.isEmpty()) {
      return;
    }
    history.readReceipts(
        Map.of(),
        history.receiptEnds(),
        (id, receipt) -> {
          Optional<Digest> blob = uploads.get(id).flatMap(UploadTable.Entry::blob);
          if (blob.isEmpty() || !expected.contains(blob.get())) {
            return;
          }
          if (receipt.getStoreId().equals(here.get())) {
            stores.put(blob.get(), OF_THIS_STORE);
          } else if (!stores.contains(blob.get())) {
            stores.put(blob.get(), OF_ANOTHER_STORE);
          }
        });
    stores.visit(
        (blob, whose) -> {
          if (whose[0] == OF_ANOTHER_STORE[0]) {
            expected.remove(blob);
          }
        });
  }
}
