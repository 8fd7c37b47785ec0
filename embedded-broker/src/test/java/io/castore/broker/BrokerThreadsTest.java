package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;

final class BrokerThreadsTest {
  private final BrokerThreads threads = new BrokerThreads(1);

  @Test
  void shouldTurnHaltOfThreadThatBrokerThreadStartedIntoFault() throws Exception {
    threads.start("outer", () -> new Thread(() -> Exit.halt(17), "inner").start());
    assertThat(threads.fault().get(10, TimeUnit.SECONDS))
        .hasMessageContaining("thread inner of the broker asked for halt with status 17");
  }

  @Test
  void shouldTurnExitIntoFaultOfOwnBrokerAlone() throws Exception {
    BrokerThreads other = new BrokerThreads(2);
    threads.start("caller", () -> Exit.exit(1, "no log directory"));
    assertThat(threads.fault().get(10, TimeUnit.SECONDS))
        .hasMessageContaining("asked for exit with status 1 (no log directory)");
    assertThat(other.fault()).isNotDone();
  }

  @Test
  void shouldKeepCauseWhenHandlerOfFatalFaultsIsCalled() {
    IOException cause = new IOException("disk is gone");
    RuntimeException handled =
        threads.build("raft manager", true, () -> {}).handleFault("cannot append", cause);
    assertThat(threads.fault()).isCompletedWithValue(handled);
    assertThat(handled).hasMessageContaining("raft manager: cannot append").hasCause(cause);
  }

  @Test
  void shouldGoOnWhenFaultIsNotFatal() {
    threads.build("metadata publishing", false, () -> {}).handleFault("odd", new IOException());
    assertThat(threads.fault()).isNotDone();
  }
}
