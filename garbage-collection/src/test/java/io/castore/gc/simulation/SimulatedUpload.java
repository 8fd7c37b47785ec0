package io.castore.gc.simulation;

import com.google.protobuf.ByteString;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.pipeline.records.UploadId;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.UploadEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A producer that sends one upload, message by message. */
final class SimulatedUpload {
  private final UploadId id;
  private final List<byte[]> chunks;
  private final SimulatedTopic chunkTopic;
  private final SimulatedTopic uploadTopic;
  private final SimulatedClock clock;
  private final Queue<Runnable> messages = new ArrayDeque<>();

  SimulatedUpload(
      List<byte[]> chunks,
      SimulatedTopic chunkTopic,
      SimulatedTopic uploadTopic,
      SimulatedClock clock,
      RandomGenerator random) {
    this.chunks = chunks;
    this.chunkTopic = chunkTopic;
    this.uploadTopic = uploadTopic;
    this.clock = clock;
    id =
        new UploadId(
            new UUID(
                clock.millis() << 16 | 7 << 12 | random.nextInt(1 << 12),
                Long.MIN_VALUE | random.nextLong() >>> 2));
    if (chunks.size() == 1 && random.nextBoolean()) {
      messages.add(() -> send(0, random.nextBoolean(), true));
      messages.add(this::whole);
      return;
    }
    List<Runnable> unordered = new ArrayList<>();
    unordered.add(this::open);
    for (int seq = 0; seq < chunks.size(); seq++) {
      int one = seq;
      boolean refers = random.nextBoolean();
      unordered.add(() -> send(one, refers, false));
    }
    Collections.shuffle(unordered, new java.util.Random(random.nextLong()));
    messages.addAll(unordered);
    messages.add(this::seal);
  }

  /** One that somebody else has begun, to be aborted. */
  SimulatedUpload(
      UploadId id, SimulatedTopic uploadTopic, SimulatedTopic chunkTopic, SimulatedClock clock) {
    this.id = id;
    this.chunks = List.of();
    this.chunkTopic = chunkTopic;
    this.uploadTopic = uploadTopic;
    this.clock = clock;
  }

  UploadId id() {
    return id;
  }

  boolean isSent() {
    return messages.isEmpty();
  }

  void advance() {
    Runnable next = messages.poll();
    if (next != null) {
      next.run();
    }
  }

  private void open() {
    event(UploadEvent.newBuilder().setOpened(opened()).build());
  }

  private void seal() {
    event(UploadEvent.newBuilder().setSealed(sealed()).build());
  }

  private void whole() {
    event(
        UploadEvent.newBuilder()
            .setWhole(UploadEvent.Whole.newBuilder().setOpened(opened()).setSealed(sealed()))
            .build());
  }

  private UploadEvent.Opened opened() {
    return UploadEvent.Opened.newBuilder()
        .setSource("s3://bucket/" + blob())
        .setOpenedAtMs(clock.instant().toEpochMilli())
        .build();
  }

  private UploadEvent.Sealed sealed() {
    return UploadEvent.Sealed.newBuilder()
        .setBlobDigest(ByteString.copyFrom(blob().toBytes()))
        .setSize(chunks.stream().mapToLong(one -> one.length).sum())
        .setChunkCount(chunks.size())
        .build();
  }

  void abort() {
    messages.clear();
    event(
        UploadEvent.newBuilder()
            .setAborted(UploadEvent.Aborted.newBuilder().setReason("by request"))
            .build());
  }

  private void event(UploadEvent event) {
    long unused = uploadTopic.append(id.toBytes(), event.toByteArray(), clock.millis());
  }

  /** Sends a chunk, as the producer does that is asked for it once more. */
  void send(int seq, boolean refers) {
    send(seq, refers, false);
  }

  private void send(int seq, boolean refers, boolean claims) {
    byte[] raw = chunks.get(seq);
    ChunkRecord.Builder record =
        ChunkRecord.newBuilder()
            .setUploadId(ByteString.copyFrom(id.toBytes()))
            .setSeq(seq)
            .setClaimsBlob(claims)
            .setRawSize(raw.length);
    if (refers) {
      record.setReference(ChunkRecord.Reference.getDefaultInstance());
    } else {
      record.setRaw(ByteString.copyFrom(raw));
    }
    long unused =
        chunkTopic.append(Blake3.hash(raw).toBytes(), record.build().toByteArray(), clock.millis());
  }

  private Digest blob() {
    return digest(chunks);
  }

  static Digest digest(List<byte[]> chunks) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    chunks.forEach(content::writeBytes);
    return Blake3.hash(content.toByteArray());
  }
}
