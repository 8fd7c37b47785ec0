package io.castore.audit;

import com.google.protobuf.ByteString;
import io.castore.audit.log.StoreLog;
import io.castore.broker.BrokerOptions;
import io.castore.broker.EmbeddedBroker;
import io.castore.content.codec.ChunkCodec;
import io.castore.content.digest.Blake3;
import io.castore.content.digest.Digest;
import io.castore.content.layout.BlobIndex;
import io.castore.content.layout.BucketLayout;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.MemoryObjectStore;
import io.castore.content.objectstore.ObjectBody;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.cluster.TopicProvisioner;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topic;
import io.castore.proto.pipeline.ChunkReceipt;
import io.castore.proto.pipeline.ChunkRecord;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.UploadEvent;
import io.castore.proto.pipeline.UploadStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real broker and a store in memory, both as the pipeline leaves them, without its time: what it
 * would write is written here.
 */
public final class AuditedSystem implements AutoCloseable {
  private static final int FRAME_LEVEL = 3;

  private final Path directory;
  private final CastoreConfig config;
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final String storeId;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ChunkCodec codec = new ChunkCodec(FRAME_LEVEL);
  private final Random random = new Random(7);
  private long now = System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(30);

  private AuditedSystem(Path directory, CastoreConfig config) throws Exception {
    this.directory = directory;
    this.config = config;
    try (Admin admin = Admin.create(config.kafkaClient())) {
      Map<String, Integer> unused = new TopicProvisioner(admin, config, true).provision();
    }
    storeId = StoreIdentity.obtain(store, InstantSource.system()).id();
    new StateOwners(config).claim(storeId, store.url());
    producer =
        new KafkaProducer<>(
            config.kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Starts a broker for the tests of a class. */
  public static EmbeddedBroker startBroker(Path directory) throws IOException {
    return EmbeddedBroker.start(directory.resolve("broker"), BrokerOptions.defaults());
  }

  /** Makes topics of their own for a test, and an empty store. */
  public static AuditedSystem open(EmbeddedBroker broker, Path directory) throws Exception {
    return new AuditedSystem(
        directory,
        CastoreConfig.of(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "topics.prefix",
                "t" + UploadId.random() + ".",
                "topics.chunks.partitions",
                "4",
                "topics.uploads.partitions",
                "2",
                "state.dir",
                directory.resolve("state").toString())));
  }

  public CastoreConfig config() {
    return config;
  }

  public MemoryObjectStore store() {
    return store;
  }

  public String storeId() {
    return storeId;
  }

  public Path directory() {
    return directory;
  }

  /** The time of the next record. */
  public Instant now() {
    return Instant.ofEpochMilli(now);
  }

  /** Makes the raw bytes of a chunk that is like no other. */
  public byte[] chunk() {
    byte[] raw = new byte[300 + random.nextInt(700)];
    random.nextBytes(raw);
    return raw;
  }

  /** Makes the raw bytes of some chunks. */
  public List<byte[]> chunks(int count) {
    List<byte[]> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(chunk());
    }
    return chunks;
  }

  /** What was ingested. */
  public record Ingested(UploadId upload, ChunkList list) {
    public Digest blob() {
      return list.blob();
    }

    public String blobKey() {
      return BucketLayout.blobKey(list.blob());
    }

    public String chunkKey(int place) {
      return BucketLayout.chunkKey(list.get(place).digest());
    }
  }

  /** Has a blob ingested, cut into these chunks. */
  public Ingested ingest(String source, List<byte[]> chunks) throws Exception {
    Ingested made = send(source, chunks);
    tell(made, source, UploadStatus.State.COMPLETE);
    for (byte[] raw : chunks) {
      store.put(
          BucketLayout.chunkKey(Blake3.hash(raw)),
          ObjectBody.of(codec.compress(raw, 0, raw.length)));
    }
    store.putIfAbsent(made.blobKey(), BlobIndex.body(made.list()));
    return made;
  }

  /** Has a blob of a single chunk ingested whose object is left out. */
  public Ingested ingestWithoutObject(String source, byte[] chunk) throws Exception {
    Ingested made = send(source, List.of(chunk));
    send(
        config.topics().uploadStatus(),
        made.upload(),
        status(made, source, UploadStatus.State.COMPLETE).setObjectLeftOut(true).build());
    store.put(made.chunkKey(0), ObjectBody.of(codec.compress(chunk, 0, chunk.length)));
    return made;
  }

  /** Sends what makes an upload, and the receipts, and tells no status. */
  public Ingested send(String source, List<byte[]> chunks) throws Exception {
    UploadId id = UploadId.random();
    Blake3 whole = new Blake3();
    chunks.forEach(raw -> whole.update(raw, 0, raw.length));
    ChunkList.Builder list = ChunkList.builder(whole.finish());
    send(
        config.topics().uploads(),
        id,
        UploadEvent.newBuilder()
            .setOpened(UploadEvent.Opened.newBuilder().setSource(source).setOpenedAtMs(now))
            .build());
    for (int seq = 0; seq < chunks.size(); seq++) {
      byte[] raw = chunks.get(seq);
      Digest digest = Blake3.hash(raw);
      list.add(new ChunkRef(digest, raw.length));
      send(
          config.topics().chunks(),
          digest,
          ChunkRecord.newBuilder()
              .setUploadId(bytes(id))
              .setSeq(seq)
              .setRawSize(raw.length)
              .setZstdFrame(ByteString.copyFrom(codec.compress(raw, 0, raw.length)))
              .build());
      receipt(id, seq, digest, raw.length, storeId);
    }
    Ingested made = new Ingested(id, list.build());
    send(
        config.topics().uploads(),
        id,
        UploadEvent.newBuilder()
            .setSealed(
                UploadEvent.Sealed.newBuilder()
                    .setBlobDigest(ByteString.copyFrom(made.blob().toBytes()))
                    .setSize(made.list().size())
                    .setChunkCount(made.list().count()))
            .build());
    return made;
  }

  /** Tells that a store holds a chunk of an upload. */
  public void receipt(UploadId id, long seq, Digest digest, int size, String ofStore)
      throws Exception {
    send(
        config.topics().chunkReceipts(),
        id,
        ChunkReceipt.newBuilder()
            .setSeq(seq)
            .setDigest(ByteString.copyFrom(digest.toBytes()))
            .setRawSize(size)
            .setResult(ChunkReceipt.Result.STORED)
            .setStoreId(ofStore)
            .build());
  }

  /** Tells the state of an upload. */
  public void tell(Ingested made, String source, UploadStatus.State state) throws Exception {
    send(config.topics().uploadStatus(), made.upload(), status(made, source, state).build());
  }

  private UploadStatus.Builder status(Ingested made, String source, UploadStatus.State state) {
    return UploadStatus.newBuilder()
        .setState(state)
        .setSource(source)
        .setOpenedAtMs(now)
        .setUpdatedAtMs(now)
        .setBlobDigest(ByteString.copyFrom(made.blob().toBytes()))
        .setSize(made.list().size())
        .setChunkCount(made.list().count())
        .setChunksReceived(made.list().count())
        .setBytesReceived(made.list().size());
  }

  /** Drops a blob, as far as it was ingested by now. */
  public void drop(Digest blob, Map<Integer, Long> statusEnds) throws Exception {
    send(
        config.topics().roots(),
        blob,
        RootRule.newBuilder()
            .setDrop(
                RootRule.Drop.newBuilder()
                    .setDroppedAtMs(now)
                    .addAllStatusEnds(new TreeMap<>(statusEnds).values()))
            .build());
  }

  /** Writes a record, a second after the one before. */
  public <K, V> void send(Topic<K, V> topic, K key, V value) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topic.name(),
                null,
                now,
                topic.keys().serializer().serialize(topic.name(), key),
                topic.values().serializer().serialize(topic.name(), value)))
        .get();
    now += 1000;
  }

  /** Reads what the log says. */
  public StoreLog log() throws IOException {
    return StoreLog.read(
        config, storeId, Optional.empty(), directory.resolve("scratch"), new AuditProgress());
  }

  /** Flips a byte of an object. */
  public void flip(String key) throws IOException {
    byte[] bytes = read(key);
    bytes[random.nextInt(bytes.length)] ^= (byte) 0xff;
    store.put(key, ObjectBody.of(bytes));
  }

  /** Reads an object. */
  public byte[] read(String key) throws IOException {
    try (InputStream in = store.open(key).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  /** Gives all objects of the store, by key. */
  public Map<String, byte[]> objects() throws IOException {
    Map<String, byte[]> objects = new HashMap<>();
    store.list("", object -> objects.put(object.key(), read(object.key())));
    return objects;
  }

  private static ByteString bytes(UploadId id) {
    return ByteString.copyFrom(id.toBytes());
  }

  @Override
  public void close() {
    producer.close();
  }
}
