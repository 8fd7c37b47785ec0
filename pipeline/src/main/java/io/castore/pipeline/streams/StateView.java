package io.castore.pipeline.streams;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.apache.kafka.streams.state.HostInfo;

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
   * @param partition which one the key belongs to
   * @return empty where there is none, or this process cannot tell now
   */
  public <K, V> Optional<V> get(String store, int partition, K key) {
    StateQueryRequest<V> request =
        StateQueryRequest.inStore(store)
            .withQuery(KeyQuery.<K, V>withKey(key))
            .withPartitions(Set.of(partition))
            .requireActive();
    StateQueryResult<V> answer;
    try {
      answer = streams.query(request);
    } catch (InvalidStateStoreException | IllegalStateException notRunning) {
      return Optional.empty();
    }
    QueryResult<V> result = answer.getPartitionResults().get(partition);
    return result != null && result.isSuccess()
        ? Optional.ofNullable(result.getResult())
        : Optional.empty();
  }
}
