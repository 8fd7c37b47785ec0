package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BrokerOptionsTest {
  @Test
  void shouldKeepOtherOptionsWhenOneIsChanged() {
    BrokerOptions options =
        BrokerOptions.defaults()
            .withStartTimeout(Duration.ofSeconds(5))
            .withCloseTimeout(Duration.ofSeconds(6))
            .withProperty("log.segment.bytes", "1048576")
            .withProperty("num.io.threads", "1");
    assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.closeTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(options.properties())
        .containsEntry("log.segment.bytes", "1048576")
        .containsEntry("num.io.threads", "1");
    assertThat(options.onFatal()).isSameAs(BrokerOptions.defaults().onFatal());
  }

  @Test
  void shouldRefuseTimeoutThatIsNotPositive() {
    assertThatThrownBy(() -> BrokerOptions.defaults().withCloseTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("closeTimeout: PT0S (expected: a duration greater than zero)");
  }
}
