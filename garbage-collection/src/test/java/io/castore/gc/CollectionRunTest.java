package io.castore.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectBody;
import io.castore.gc.FakePipeline.Uploaded;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkReceipt.Result;
import io.castore.proto.pipeline.UploadStatus.State;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps, what it collects, and when it collects no chunk at all. */
final class CollectionRunTest {
  private static final String SOURCE = "file:///a";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path scratch;
  private FakePipeline pipeline;

  @BeforeEach
  void start() throws Exception {
    pipeline = new FakePipeline();
  }

  @Test
  void shouldCollectWhatOnlyADroppedBlobNeeds() throws Exception {
    List<byte[]> shared = pipeline.chunks(1);
    Uploaded kept = pipeline.complete(SOURCE, FakePipeline.join(shared, pipeline.chunks(1)));
    Uploaded dropped = pipeline.complete(SOURCE, FakePipeline.join(shared, pipeline.chunks(2)));
    pipeline.drop(dropped.blob(), scratch);

    CollectionReport report = pipeline.collect(scratch);

    assertThat(pipeline.has(dropped.blobKey())).isFalse();
    assertThat(pipeline.has(dropped.chunkKey(1))).isFalse();
    assertThat(pipeline.has(dropped.chunkKey(2))).isFalse();
    assertThat(pipeline.has(kept.blobKey())).isTrue();
    assertThat(pipeline.has(kept.chunkKey(0))).isTrue();
    assertThat(pipeline.has(kept.chunkKey(1))).isTrue();
    assertThat(report.blobs().freed()).isEqualTo(1);
    assertThat(report.chunks().freed()).isEqualTo(2);
    assertThat(report.isDone()).isTrue();
  }

  @Test
  void shouldKeepWhatWasUploadedAgainAfterTheDrop() throws Exception {
    List<byte[]> chunks = pipeline.chunks(2);
    Uploaded first = pipeline.complete(SOURCE, chunks);
    pipeline.drop(first.blob(), scratch);
    Uploaded again = pipeline.receive(SOURCE, chunks);
    pipeline.tell(again, State.COMPLETE);
    Set<String> before = pipeline.keys();

    assertThat(pipeline.collect(scratch).chunks().freed()).isZero();

    assertThat(pipeline.keys()).isEqualTo(before);
  }

  @Test
  void shouldKeepWhatAnUnfinishedUploadHasSent() throws Exception {
    Uploaded open = pipeline.receive(SOURCE, pipeline.chunks(2));
    pipeline.tell(open, State.OPEN);
    String stray = pipeline.put(pipeline.chunks(1).get(0));

    CollectionReport report = pipeline.collect(scratch);

    assertThat(pipeline.has(open.chunkKey(0))).isTrue();
    assertThat(pipeline.has(open.chunkKey(1))).isTrue();
    assertThat(pipeline.has(stray)).isFalse();
    assertThat(report.unfinishedUploads()).isEqualTo(1);
  }

  @Test
  void shouldKeepForAnHourWhatAFailedUploadHasSent() throws Exception {
    Uploaded failed = pipeline.receive(SOURCE, pipeline.chunks(1));
    pipeline.tell(failed, State.FAILED);

    assertThat(pipeline.collect(scratch).chunks().freed()).isZero();

    pipeline.clock().pass(Duration.ofHours(1));
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(1);
  }

  @Test
  void shouldKeepADroppedBlobThatAnUploadHasClaimed() throws Exception {
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(1));
    pipeline.drop(dropped.blob(), scratch);
    Uploaded open = pipeline.receive("file:///b", pipeline.chunks(1));
    pipeline.tell(open, State.OPEN);
    pipeline.receipt(open.id(), dropped.blob(), Result.CLAIMED, "");

    assertThat(pipeline.collect(scratch).blobs().freed()).isZero();
  }

  @Test
  void shouldLeaveYoungObjectsAlone() throws Exception {
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(1));
    String stray = pipeline.put(pipeline.chunks(1).get(0));
    pipeline.drop(dropped.blob(), scratch);
    CollectionPlan plan =
        new CollectionPlan(DAY, RetentionRules.none(), false, CollectionPlan.NO_LIMIT);

    CollectionReport report = pipeline.collect(plan, scratch);

    assertThat(report.blobs().young()).isEqualTo(1);
    assertThat(report.chunks().young()).isEqualTo(1);
    assertThat(pipeline.has(stray)).isTrue();
    pipeline.clock().pass(DAY);
    assertThat(pipeline.collect(plan, scratch).chunks().freed()).isEqualTo(2);
  }

  @Test
  void shouldChangeNothingInADryRun() throws Exception {
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(2));
    Uploaded lapsed = pipeline.complete("s3://logs/1", pipeline.chunks(3));
    pipeline.drop(dropped.blob(), scratch);
    pipeline.clock().pass(DAY);
    int rules = pipeline.rulesWritten();
    Set<String> before = pipeline.keys();

    CollectionReport report =
        pipeline.collect(
            new CollectionPlan(
                Duration.ZERO,
                RetentionRules.parse(List.of("s3://logs/=12h")),
                true,
                CollectionPlan.NO_LIMIT),
            scratch);

    assertThat(report.dryRun()).isTrue();
    assertThat(report.lapsedBlobs()).isEqualTo(1);
    assertThat(report.blobs().freed()).isEqualTo(2);
    assertThat(report.chunks().freed()).isEqualTo(2 + lapsed.list().count());
    assertThat(pipeline.keys()).isEqualTo(before);
    assertThat(pipeline.rulesWritten()).isEqualTo(rules);
    assertThat(pipeline.marks()).isZero();
    assertThat(pipeline.ordered()).isZero();
  }

  @Test
  void shouldDropWhatHasLapsedAndCollectItInOneRun() throws Exception {
    Uploaded lapsed = pipeline.complete("s3://logs/1", pipeline.chunks(2));
    Uploaded other = pipeline.complete("s3://books/1", pipeline.chunks(2));
    pipeline.clock().pass(DAY);
    CollectionPlan plan =
        new CollectionPlan(
            Duration.ZERO,
            RetentionRules.parse(List.of("s3://logs/=12h")),
            false,
            CollectionPlan.NO_LIMIT);

    CollectionReport report = pipeline.collect(plan, scratch);

    assertThat(report.lapsedBlobs()).isEqualTo(1);
    assertThat(pipeline.has(lapsed.blobKey())).isFalse();
    assertThat(pipeline.has(lapsed.chunkKey(0))).isFalse();
    assertThat(pipeline.has(other.chunkKey(0))).isTrue();
    assertThat(pipeline.collect(plan, scratch).lapsedBlobs()).isZero();
  }

  @Test
  void shouldTellWhatCouldNotBeRemovedFromWhatWasUsedSince() throws Exception {
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(3));
    pipeline.drop(dropped.blob(), scratch);
    pipeline.refuseDeletes();
    pipeline.afterBlobListing(
        () ->
            pipeline.receipt(
                UploadId.random(), dropped.list().get(0).digest(), Result.DEDUPLICATED, ""));

    CollectionReport report = pipeline.collect(scratch);

    assertThat(report.isDone()).isFalse();
    assertThat(report.blobs().notRemoved()).isEqualTo(1);
    // The blob is still there, and so its chunks are needed.
    assertThat(report.chunks().live()).isEqualTo(3);
  }

  @Test
  void shouldTellThatAChunkIsInUseSince() throws Exception {
    List<byte[]> chunks = pipeline.chunks(2);
    pipeline.put(chunks.get(0));
    pipeline.put(chunks.get(1));
    Uploaded late = pipeline.receive(SOURCE, pipeline.chunks(1));
    Digest used = Blake3.hash(chunks.get(0));
    pipeline.useSinceMarks(used);
    pipeline.afterBlobListing(
        () -> pipeline.receipt(late.id(), used, Result.DEDUPLICATED, "the-store"));

    CollectionReport report = pipeline.collect(scratch);

    assertThat(report.chunks().referred()).isEqualTo(1);
    assertThat(report.chunks().freed()).isEqualTo(2);
    assertThat(report.isDone()).isTrue();
  }

  @Test
  void shouldCollectNoChunkWhereAListIsDamaged() throws Exception {
    String stray = pipeline.put(pipeline.chunks(1).get(0));
    Uploaded damaged = pipeline.complete(SOURCE, pipeline.chunks(3));
    pipeline.truncate(damaged.blobKey());

    refusedNaming(damaged.blobKey());

    assertThat(pipeline.has(stray)).isTrue();
  }

  @Test
  void shouldCollectNoChunkWhereAListIsNotWhatItsUploadTold() throws Exception {
    Uploaded upload = pipeline.complete(SOURCE, pipeline.chunks(3));
    ChunkList.Builder shorter = ChunkList.builder(upload.blob());
    shorter.add(upload.list().get(0));
    shorter.add(upload.list().get(1));
    pipeline.publish(new Uploaded(upload.id(), SOURCE, shorter.build()));

    refusedNaming(upload.blobKey() + ": its chunks have 1000 bytes (expected: 1500");
  }

  @Test
  void shouldCollectNoChunkWhereAListWasLostAndTheObjectIsLeft() throws Exception {
    Uploaded upload = pipeline.complete(SOURCE, pipeline.chunks(3));
    pipeline.store().put(upload.blobKey(), ObjectBody.of(new byte[0]));

    refusedNaming(upload.blobKey() + ": it lists no chunks");
  }

  @Test
  void shouldCollectAllTheSameWhereASingleChunkIsMissing() throws Exception {
    Uploaded upload = pipeline.complete(SOURCE, pipeline.chunks(1));
    pipeline.store().delete(upload.chunkKey(0));
    String stray = pipeline.put(pipeline.chunks(1).get(0));

    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(1);

    assertThat(pipeline.has(stray)).isFalse();
  }

  @Test
  void shouldCollectNoChunkWhereTheBlobOfACompleteUploadIsMissing() throws Exception {
    Uploaded lost = pipeline.complete(SOURCE, pipeline.chunks(2));
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(2));
    pipeline.drop(dropped.blob(), scratch);
    pipeline.store().delete(lost.blobKey());

    refusedNaming(
        lost.blobKey() + ": it is missing, though upload " + lost.id() + " is complete",
        "castore audit repair",
        "castore rm");

    assertThat(pipeline.has(lost.chunkKey(0))).isTrue();
    assertThat(pipeline.has(dropped.blobKey())).isFalse();
    assertThat(pipeline.has(dropped.chunkKey(0))).isTrue();
    // It is given up.
    pipeline.drop(lost.blob(), scratch);
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(4);
  }

  @Test
  void shouldCollectNoChunkWhereABlobOfALaterUploadThanTheDropIsMissing() throws Exception {
    List<byte[]> chunks = pipeline.chunks(2);
    Uploaded first = pipeline.complete(SOURCE, chunks);
    pipeline.drop(first.blob(), scratch);
    Uploaded again = pipeline.complete(SOURCE, chunks);
    pipeline.store().delete(again.blobKey());

    refusedNaming("though upload " + again.id() + " is complete");
  }

  @Test
  void shouldCollectNoChunkWhereAPinnedBlobIsMissing() throws Exception {
    Uploaded foreign = pipeline.receive(SOURCE, pipeline.chunks(2));
    pipeline.publish(foreign);
    pipeline.pins().pin(foreign.blob(), "", waiting -> {});
    pipeline.store().delete(foreign.blobKey());

    refusedNaming(foreign.blobKey() + ": it is missing, though it is pinned");

    pipeline.pins().unpin(foreign.blob());
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(2);
  }

  @Test
  void shouldKeepTheChunkOfABlobWithoutAnObject() throws Exception {
    Uploaded kept = pipeline.complete(SOURCE, pipeline.chunks(1));
    Uploaded dropped = pipeline.complete(SOURCE, pipeline.chunks(1));
    pipeline.drop(dropped.blob(), scratch);
    pipeline.store().delete(kept.blobKey());
    pipeline.store().delete(dropped.blobKey());

    CollectionReport report = pipeline.collect(scratch);

    assertThat(report.isDone()).isTrue();
    assertThat(report.chunks().freed()).isEqualTo(1);
    assertThat(pipeline.has(kept.chunkKey(0))).isTrue();
    assertThat(pipeline.has(dropped.chunkKey(0))).isFalse();
  }

  @Test
  void shouldCollectNoChunkWhereABlobHasNeitherAnObjectNorItsChunk() throws Exception {
    Uploaded lost = pipeline.complete(SOURCE, pipeline.chunks(1));
    pipeline.store().delete(lost.blobKey());
    pipeline.store().delete(lost.chunkKey(0));

    refusedNaming(lost.blobKey() + ": it is missing, though upload " + lost.id() + " is complete");
  }

  @Test
  void shouldCollectNoChunkWhereABlobOfOneChunkAndOfAListHasNoObject() throws Exception {
    List<byte[]> chunks = pipeline.chunks(2);
    Uploaded listed = pipeline.complete(SOURCE, chunks);
    Uploaded single = pipeline.complete(SOURCE, List.of(joined(chunks)));
    assertThat(single.blob()).isEqualTo(listed.blob());
    pipeline.store().delete(listed.blobKey());
    pipeline.store().delete(single.chunkKey(0));

    refusedNaming(listed.blobKey() + ": it is missing");
    assertThat(pipeline.has(listed.chunkKey(0))).isTrue();
  }

  @Test
  void shouldKeepAPinnedBlobWithoutAnObject() throws Exception {
    Uploaded pinned = pipeline.complete(SOURCE, pipeline.chunks(1));
    pipeline.store().delete(pinned.blobKey());
    pipeline.drop(pinned.blob(), scratch);
    pipeline.leaveOutSingles();
    pipeline.pins().pin(pinned.blob(), "", waiting -> {});

    assertThat(pipeline.collect(scratch).chunks().freed()).isZero();

    pipeline.pins().unpin(pinned.blob());
    pipeline.drop(pinned.blob(), scratch);
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(1);
  }

  private static byte[] joined(List<byte[]> chunks) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    chunks.forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  @Test
  void shouldReadABlobThatComesMeanwhile() throws Exception {
    Uploaded mended = pipeline.complete(SOURCE, pipeline.chunks(2));
    pipeline.store().delete(mended.blobKey());
    pipeline.afterBlobListing(() -> {});
    pipeline.afterBlobListing(() -> pipeline.publish(mended));

    assertThat(pipeline.collect(scratch).chunks().freed()).isZero();

    assertThat(pipeline.has(mended.chunkKey(1))).isTrue();
  }

  @Test
  void shouldNotMissABlobThatAnotherRunCollects() throws Exception {
    Uploaded going = pipeline.complete(SOURCE, pipeline.chunks(2));
    pipeline.afterBlobListing(
        () -> {
          try {
            pipeline.drop(going.blob(), scratch);
          } catch (RefusedException refused) {
            throw new AssertionError(refused);
          }
          pipeline.store().delete(going.blobKey());
        });

    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(2);
  }

  @Test
  void shouldNotMissTheEmptyBlob() throws Exception {
    Uploaded empty = pipeline.complete(SOURCE, List.of());
    pipeline.store().delete(empty.blobKey());

    assertThat(empty.blob()).isEqualTo(Digest.EMPTY);
    assertThat(pipeline.collect(scratch).isDone()).isTrue();
  }

  @Test
  void shouldNotMissWhatTheStoreBeforeThisOneHas() throws Exception {
    Uploaded elsewhere = pipeline.complete(SOURCE, pipeline.chunks(2));
    pipeline.becomeReceiptsOfAnotherStore();
    pipeline.store().delete(elsewhere.blobKey());
    assertThat(pipeline.collect(scratch).chunks().freed()).isEqualTo(2);

    Uploaded here = pipeline.complete(SOURCE, pipeline.chunks(2));
    pipeline.store().delete(here.blobKey());
    refusedNaming("1 blobs", here.blobKey());
  }

  private void refusedNaming(String... texts) {
    assertThatThrownBy(() -> pipeline.collect(scratch))
        .isInstanceOf(DamagedListsException.class)
        .hasMessageContainingAll(texts);
  }
}
