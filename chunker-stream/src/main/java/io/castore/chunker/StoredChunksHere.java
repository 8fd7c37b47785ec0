package io.castore.chunker;

import io.castore.content.digest.Digest;
import io.castore.pipeline.known.StoredChunks;
import io.castore.pipeline.records.RecordSerdes;
import io.castore.pipeline.streams.StateView;
import io.castore.proto.state.StoredChunk;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Looks into the storing topology's state. A digest is there only after its PUT was acknowledged,
 * so whatever is found can be relied on as far as a chunk that may be collected can.
 *
 * <p>Safe for use by many threads.
 */
final class StoredChunksHere implements StoredChunks {
  private static final Serializer<Digest> DIGESTS = RecordSerdes.digest().serializer();

  private final String storeId;
  private final StateView state;
  private final KeyPartition keyPartition;
  private final Optional<InetSocketAddress> own;

  /**
   * Looks into a running topology.
   *
   * @param own what this process is called among the owners, if it is called anything
   */
  StoredChunksHere(
      String storeId, StateView state, KeyPartition keyPartition, Optional<InetSocketAddress> own) {
    this.storeId = storeId;
    this.state = state;
    this.keyPartition = keyPartition;
    this.own = own;
  }

  @Override
  public String storeId() {
    return storeId;
  }

  @Override
  public Found find(List<Digest> digests) {
    Set<Digest> here = new HashSet<>();
    Map<InetSocketAddress, List<Digest>> elsewhere = new HashMap<>();
    Map<Integer, List<Digest>> byPartition =
        digests.stream().collect(Collectors.groupingBy(keyPartition::of));
    byPartition.forEach(
        (partition, some) -> {
          Optional<InetSocketAddress> owner =
              state.owner(ChunkerTopology.STORED_CHUNKS, some.get(0), DIGESTS);
          if (owner.isPresent() && !owner.equals(own)) {
            elsewhere.computeIfAbsent(owner.get(), key -> new ArrayList<>()).addAll(some);
          } else {
            some.stream().filter(digest -> isHere(partition, digest)).forEach(here::add);
          }
        });
    return new Found(here, elsewhere);
  }

  private boolean isHere(int partition, Digest digest) {
    Optional<StoredChunk> marker = state.get(ChunkerTopology.STORED_CHUNKS, partition, digest);
    return marker.map(ChunkEntries::known).isPresent();
  }
}
