package io.castore.audit.replay;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.ExpectedBlob;
import io.castore.audit.log.StoreLog;
import io.castore.audit.replay.Difference.Kind;
import io.castore.audit.survey.Workers;
import io.castore.audit.table.Table;
import io.castore.content.digest.Blake3;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.BucketObject;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectStore;
import io.castore.pipeline.scratch.ScratchStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Holds the objects of a store against what the log says: blob objects byte for byte, chunks by
 * their names.
 *
 * <p>Used once, by one thread.
 */
final class ObjectReplay {
  private static final int BUFFER = 64 << 10;

  private final ObjectStore store;
  private final StoreLog log;
  private final ReplayWindow window;
  private final Differences differences;
  private final Workers workers;
  private final AuditProgress progress;
  private final Table seen;
  private final LongAdder blobs = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder chunks = new LongAdder();
  private final LongAdder chunkBytes = new LongAdder();

  ObjectReplay(
      ObjectStore store,
      StoreLog log,
      ReplayWindow window,
      Differences differences,
      Workers workers,
      ScratchStore scratch,
      AuditProgress progress) {
    this.store = store;
    this.log = log;
    this.window = window;
    this.differences = differences;
    this.workers = workers;
    this.progress = progress;
    seen = new Table(scratch, 'o');
  }

  void run() throws IOException {
    progress.begin("listing the store");
    store.list("", this::list);
    progress.begin("comparing blobs");
    log.<IOException>visitBlobs(
        blob -> {
          if (window.contains(blob.completedAtMs())) {
            workers.submit(() -> compare(blob));
          }
        });
    workers.drain();
    progress.begin("comparing chunks");
    log.<IOException>visitExpectedChunks(
        chunk -> {
          chunks.increment();
          chunkBytes.add(chunk.size());
          workers.submit(() -> lookFor(new BucketObject.Chunk(chunk.digest())));
        });
    workers.drain();
  }

  private void list(ObjectInfo object) throws IOException {
    progress.count(object.size());
    Optional<BucketObject> known = BucketLayout.parse(object.key());
    if (known.isEmpty()) {
      extra(Kind.EXTRA, object.key(), "no key of this layout");
    } else if (known.get() instanceof BucketObject.Chunk chunk) {
      seen.put(key(chunk), new byte[0]);
      if (log.expectedChunkSize(chunk.digest()).isEmpty()) {
        boolean isOurs = log.wasEverStored(chunk.digest());
        extra(
            isOurs ? Kind.UNREFERENCED : Kind.EXTRA,
            object.key(),
            isOurs ? "no blob that counts has this chunk" : "no receipt tells of this chunk");
      }
    } else if (known.get() instanceof BucketObject.Blob blob) {
      Optional<ExpectedBlob> told = log.blob(blob.digest());
      if (told.isEmpty()) {
        extra(Kind.EXTRA, object.key(), "no upload that is COMPLETE made this blob");
      } else if (!told.get().isLive()) {
        extra(Kind.UNREFERENCED, object.key(), "the blob was dropped");
      }
    }
  }

  /** Of a part of the log nobody can tell what is too much. */
  private void extra(Kind kind, String key, String detail) throws IOException {
    if (window.isAll()) {
      differences.add(kind, key, detail);
    }
  }

  private void compare(ExpectedBlob blob) throws IOException {
    progress.count(0);
    blobs.increment();
    bytes.add(blob.size());
    String key = BucketLayout.blobKey(blob.digest());
    Optional<InputStream> object = store.open(key);
    if (object.isEmpty() && blob.isObjectLeftOut()) {
      return;
    }
    if (object.isEmpty()) {
      differences.add(Kind.BLOB_MISSING, key, "made by upload " + blob.upload());
      return;
    }
    try (InputStream in = object.get()) {
      Blake3 hash = new Blake3();
      byte[] buffer = new byte[BUFFER];
      long length = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
        length += read;
      }
      if (blob.isListWhole() && !log.knowsList(blob.digest(), hash.finish())) {
        differences.add(
            Kind.BLOB_DIFFERENT,
            key,
            "%d bytes that no upload of it makes (expected: %d, as of upload %s)"
                .formatted(length, blob.encodedLength(), blob.upload()));
      }
    }
  }

  private void lookFor(BucketObject.Chunk chunk) throws IOException {
    progress.count(0);
    if (!seen.contains(key(chunk)) && store.stat(chunk.key()).isEmpty()) {
      differences.add(Kind.CHUNK_MISSING, chunk.key(), "a blob needs it");
    }
  }

  private static byte[] key(BucketObject.Chunk chunk) {
    return chunk.digest().toBytes();
  }

  long blobs() {
    return blobs.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long chunks() {
    return chunks.sum();
  }

  long chunkBytes() {
    return chunkBytes.sum();
  }
}
