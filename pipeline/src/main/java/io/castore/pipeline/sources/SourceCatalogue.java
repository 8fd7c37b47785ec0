package io.castore.pipeline.sources;

import com.google.protobuf.InvalidProtocolBufferException;
import io.castore.content.digest.Digest;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.log.GroupOffsets;
import io.castore.pipeline.log.TopicScan;
import io.castore.pipeline.records.Drops;
import io.castore.pipeline.scratch.ScratchStore;
import io.castore.pipeline.streams.IndexerGroup;
import io.castore.pipeline.topics.Topic;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.RootRule;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each source by its name: the newest version of it that was ingested. Read from
 * the topics {@code sources} and {@code roots}, and from {@code source-updates} as far as the
 * indexer has not taken them up, so that an upload that is complete is always found. Kept on disk,
 * so that it takes the memory of a {@link ScratchStore} however many sources there are.
 *
 * <p>Safe for use by many threads, but for {@link #refresh}, which one thread calls at a time, and
 * {@link #close}, which must come after all else.
 */
public final class SourceCatalogue implements AutoCloseable {
  private static final byte ENTRY = 'e';
  private static final byte RULE = 'r';

  private final CastoreConfig config;
  private final ScratchStore kept;
  private final Follower<byte[], byte[]> entries;
  private final Follower<Digest, RootRule> rules;
  private final Follower<byte[], byte[]> updates;
  private volatile Optional<String> storeId = Optional.empty();

  private SourceCatalogue(
      CastoreConfig config,
      ScratchStore kept,
      TopicScan<byte[], byte[]> entries,
      TopicScan<Digest, RootRule> rules,
      TopicScan<byte[], byte[]> updates) {
    this.config = config;
    this.kept = kept;
    this.entries = new Follower<>(entries);
    this.rules = new Follower<>(rules);
    this.updates = new Follower<>(updates);
  }

  /**
   * Reads all that is known now. The topics have to exist.
   *
   * @param scratchParent where a directory is made that is gone after {@link #close}
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached, or gives nothing for
   *     a minute
   * @throws IOException if it cannot be kept there
   */
  public static SourceCatalogue read(CastoreConfig config, Path scratchParent) throws IOException {
    Topics topics = config.topics();
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      ScratchStore kept = ScratchStore.open(scratchParent);
      parts.push(kept);
      TopicScan<byte[], byte[]> entries = openRaw(config, topics.sources());
      parts.push(entries);
      TopicScan<Digest, RootRule> rules = TopicScan.open(config, topics.roots());
      parts.push(rules);
      TopicScan<byte[], byte[]> updates = openRaw(config, topics.sourceUpdates());
      parts.push(updates);
      SourceCatalogue catalogue = new SourceCatalogue(config, kept, entries, rules, updates);
      long unused = catalogue.refresh();
      return catalogue;
    } catch (IOException | RuntimeException unread) {
      for (AutoCloseable part : parts) {
        closeAfter(unread, part);
      }
      throw unread;
    }
  }

  /**
   * Tells about how much there is to read: how many records the topic {@code sources} has at most,
   * old ones of a source too, or those of {@code source-updates} where it has none. The topics have
   * to exist.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached
   */
  public static long records(CastoreConfig config) {
    long records = records(config, config.topics().sources());
    return records > 0 ? records : records(config, config.topics().sourceUpdates());
  }

  private static long records(CastoreConfig config, Topic<?, ?> topic) {
    try (TopicScan<byte[], byte[]> scan = openRaw(config, topic)) {
      Map<Integer, Long> beginnings = scan.beginnings();
      return scan.ends().entrySet().stream()
          .mapToLong(end -> end.getValue() - beginnings.getOrDefault(end.getKey(), 0L))
          .sum();
    }
  }

  /** Most entries are never asked for, and need not be understood. */
  private static TopicScan<byte[], byte[]> openRaw(CastoreConfig config, Topic<?, ?> topic) {
    return TopicScan.open(config, topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static void closeAfter(Exception failure, AutoCloseable part) {
    try {
      part.close();
    } catch (Exception notClosed) {
      failure.addSuppressed(notClosed);
    }
  }

  /** Takes sources. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /** Takes the next source; an exception ends the visit and reaches its caller. */
    void visit(String name, SourceEntry entry) throws E;
  }

  /**
   * Reads what has come since it was last read, and what the indexer has not taken up.
   *
   * @return how many records that were
   * @throws org.apache.kafka.common.KafkaException if Kafka cannot be reached, or gives nothing for
   *     a minute
   * @throws IOException if it cannot be kept on disk
   */
  public long refresh() throws IOException {
    // First: what is taken up from here on is read once more, and what was before is in sources.
    storeId = new StateOwners(config).owner();
    Map<Integer, Long> takenUp = storeId.isPresent() ? takenUp(storeId.get()) : Map.of();
    return entries.readOn(this::keepEntry)
        + rules.readOn(this::keepRule)
        + updates.readFrom(takenUp, this::keepUpdate);
  }

  private Map<Integer, Long> takenUp(String store) throws IOException {
    String group = IndexerGroup.application(config.topics(), store).id();
    try (Admin admin = Admin.create(config.kafkaClient())) {
      return new GroupOffsets(admin, group, config.topics().sourceUpdates().name()).committed();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sources were read");
    }
  }

  private void keepUpdate(byte[] key, byte @Nullable [] value) throws IOException {
    SourceUpdate update;
    try {
      update = SourceUpdate.of(key, value);
    } catch (IllegalArgumentException unusable) {
      // The indexer sets it aside.
      return;
    }
    if (update.replaces(find(update.name()).orElse(null))) {
      kept.put(entryKey(update.name()), update.entry().toByteArray());
    }
  }

  private void keepEntry(byte[] name, byte @Nullable [] entry) throws IOException {
    keep(key(ENTRY, name), entry);
  }

  private void keepRule(Digest blob, @Nullable RootRule rule) throws IOException {
    byte[] key = key(RULE, blob.toBytes());
    keep(
        key,
        rule == null ? null : Drops.latest(rule(blob.toBytes()).orElse(null), rule).toByteArray());
  }

  private Optional<RootRule> rule(byte[] blob) throws IOException {
    Optional<byte[]> rule = kept.get(key(RULE, blob));
    return rule.isEmpty() ? Optional.empty() : Optional.of(RootRule.parseFrom(rule.get()));
  }

  private void keep(byte[] key, byte @Nullable [] value) throws IOException {
    if (value == null) {
      kept.remove(key);
    } else {
      kept.put(key, value);
    }
  }

  /**
   * Gives the newest version of a source.
   *
   * @throws IOException if what is kept on disk cannot be read
   */
  public Optional<SourceEntry> find(String name) throws IOException {
    Optional<byte[]> entry = kept.get(entryKey(name));
    return entry.map(SourceCatalogue::parse);
  }

  private static SourceEntry parse(byte[] entry) {
    try {
      return SourceEntry.parseFrom(entry);
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("an entry of a source is not what was kept", damaged);
    }
  }

  /**
   * Visits all sources whose names start so, in the order of their names' bytes in UTF-8.
   *
   * @throws IOException if what is kept on disk cannot be read
   */
  public <E extends Exception> void visit(String prefix, Visitor<E> visitor) throws E, IOException {
    kept.<E>visit(entryKey(prefix), (key, entry) -> visitor.visit(name(key), parse(entry)));
  }

  /**
   * Tells whether a source's blob was dropped after this version of the source was complete: it may
   * be gone by now, or be gone soon.
   *
   * @throws IOException if what is kept on disk cannot be read
   */
  public boolean isDropped(SourceEntry entry) throws IOException {
    Optional<RootRule.Drop> drop =
        rule(entry.getBlobDigest().toByteArray()).filter(RootRule::hasDrop).map(RootRule::getDrop);
    return drop.isPresent()
        && (drop.get().getUploadIdsList().contains(entry.getUploadId())
            || drop.get().getDroppedAtMs() >= entry.getCompletedAtMs());
  }

  /**
   * Tells whether the store that the topics serve has the blob of a source, as far as the topics
   * tell: it was not dropped, and it was not put in a store that they served before. An entry that
   * does not tell its store, as before 2026-11, is taken to be of this one.
   *
   * @throws IOException if what is kept on disk cannot be read
   */
  public boolean isHere(SourceEntry entry) throws IOException {
    return (entry.getStoreId().isEmpty() || storeId.equals(Optional.of(entry.getStoreId())))
        && !isDropped(entry);
  }

  private static byte[] entryKey(String name) {
    return key(ENTRY, name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] key(byte kind, byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(kind).put(key).array();
  }

  private static String name(byte[] key) {
    return new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    entries.close();
    rules.close();
    updates.close();
    kept.close();
  }

  /** Reads a topic, and later what has come since. */
  private static final class Follower<K, V> implements AutoCloseable {
    private final TopicScan<K, V> topic;
    private final Map<Integer, Long> next = new HashMap<>();

    Follower(TopicScan<K, V> topic) {
      this.topic = topic;
    }

    interface Keeper<K, V> {
      void keep(K key, @Nullable V value) throws IOException;
    }

    /** Reads on from where the last call ended. */
    long readOn(Keeper<K, V> keeper) throws IOException {
      return readFrom(Map.copyOf(next), keeper);
    }

    long readFrom(Map<Integer, Long> starts, Keeper<K, V> keeper) throws IOException {
      Map<Integer, Long> ends = topic.ends();
      long[] records = {0};
      topic.<IOException>read(
          starts,
          ends,
          (ConsumerRecord<K, V> record) -> {
            records[0]++;
            // A record without a key names nothing.
            if (record.key() != null) {
              keeper.keep(record.key(), record.value());
            }
          });
      next.putAll(ends);
      return records[0];
    }

    @Override
    public void close() {
      topic.close();
    }
  }
}
