package io.castore.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.ServiceStatus;
import io.castore.proto.pipeline.ServiceStatus.State;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PausedServicesTest {
  private long now;
  private final PausedServices services = new PausedServices(() -> now);

  @Test
  void shouldTellWhatAServiceWaitsFor() {
    services.heard("chunker/a", status(State.RUNNING));
    assertThat(services.pause()).isEmpty();

    services.heard("chunker/b", status(State.PAUSED));

    assertThat(services.pause()).contains("the chunker waits for the store: no route to host");
  }

  @Test
  void shouldTellNothingOnceItRunsAgain() {
    services.heard("chunker/a", status(State.PAUSED));

    services.heard("chunker/a", status(State.RUNNING));

    assertThat(services.pause()).isEmpty();
  }

  @Test
  void shouldNotWaitForAServiceThatIsGone() {
    services.heard("chunker/a", status(State.PAUSED));
    now += TimeUnit.SECONDS.toNanos(60);
    assertThat(services.pause()).isPresent();

    now++;

    assertThat(services.pause()).isEmpty();
  }

  private static ServiceStatus status(State state) {
    return ServiceStatus.newBuilder()
        .setRole("chunker")
        .setState(state)
        .setReason("no route to host")
        .build();
  }
}
