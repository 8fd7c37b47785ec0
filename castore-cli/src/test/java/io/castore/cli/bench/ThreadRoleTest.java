package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThreadRoleTest {
  @ParameterizedTest
  @CsvSource({
    "source-reader, CLIENT",
    "data-plane-kafk, BROKER",
    "kafka-1-raft-io, BROKER",
    "castore.chunker, CHUNKER",
    "castore.indexer, INDEX",
    "indexer-store-3, STORE",
    "chunk-put-12, STORE",
    "armeria-common-, QUERY",
    "kafka-producer-, KAFKA",
    "C2 CompilerThre, JIT",
    "GC Thread#0, GC",
    "VM Thread, GC",
    "Common-Cleaner, OTHER",
    "java, OTHER"
  })
  void shouldTellRoleInAService(String name, ThreadRole role) {
    assertThat(ThreadRole.of(name)).isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource({"kafka-producer-, CLIENT", "java, CLIENT", "C1 CompilerThre, JIT", "ParGC#1, GC"})
  void shouldCountAllOfAClientAsItsOwnButTheJvm(String name, ThreadRole role) {
    assertThat(ThreadRole.ofClient(name)).isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource({"java, CLIENT", "castore: read w, CLIENT", "kafka-1-raft-io, BROKER", "x, OTHER"})
  void shouldTellRoleWhereAllIsOneProcess(String name, ThreadRole role) {
    assertThat(ThreadRole.ofAll(name)).isEqualTo(role);
  }
}
