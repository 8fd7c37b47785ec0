package io.castore.pipeline.streams;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What the stores of a topology hold in this process, and which process holds the rest: for reading
 * alone. While work is handed over there is less to be seen, and never anything that is outdated: a
 * part of a store is read only where this process writes it.
 *
 * <p>Safe for use by many threads.
 */
public final class StateView {
  private final KafkaStreams streams;

  StateView(KafkaStreams streams) {
    this.streams = streams;
  }

  /**
   * Finds the process that holds a key, by what it named as its {@code application.server}.
   *
   * @param keys how keys become bytes in the topic that the store is keyed like
   * @return its address, not resolved; empty where it named none, or it is being decided who it is
   */
  public <K> Optional<InetSocketAddress> owner(String store, K key, Serializer<K> keys) {
    KeyQueryMetadata metadata;
    try {
      metadata = streams.queryMetadataForKey(store, key, keys);
    } catch (InvalidStateStoreException | IllegalStateException notRunning) {
      return Optional.empty();
    }
    if (metadata == null
        || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
        || metadata.activeHost().equals(HostInfo.unavailable())) {
      return Optional.empty();
    }
    HostInfo host = metadata.activeHost();
    return Optional.of(InetSocketAddress.createUnresolved(host.host(), host.port()));
  }

  /**
   * Reads a value.
   *
   * <p>Not by {@code KafkaStreams.query}: in 4.3.1 it locks a store's position and then the store,
   * while a stream thread that writes locks them the other way round, and the two wait for each
   * other for ever.
   *
   * @param partition which one the key belongs to
   * @return empty where there is none, or this process cannot tell now
   */
  public <K, V> Optional<V> get(String store, int partition, K key) {
    try {
      ReadOnlyKeyValueStore<K, V> part =
          streams.store(
              StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.<K, V>keyValueStore())
                  .withPartition(partition));
      return Optional.ofNullable(part.get(key));
    } catch (InvalidStateStoreException | IllegalStateException notRunning) {
      return Optional.empty();
    }
  }
}
