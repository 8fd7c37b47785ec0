package io.castore.chunker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StateAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.7:8080,   10.0.0.7:8080,   10.0.0.7,   8080",
    "https://castore-1/,     castore-1:443,   castore-1,  443",
    "http://castore.example, castore.example:80, castore.example, 80",
    "http://[::1]:8080,      [::1]:8080,      ::1,        8080"
  })
  void shouldBeWhatKafkaStreamsMakesOfIt(URI endpoint, String text, String host, int port) {
    StateAddress address = StateAddress.of(endpoint);

    assertThat(address.text()).isEqualTo(text);
    assertThat(address.address().getHostString()).isEqualTo(host);
    assertThat(address.address().getPort()).isEqualTo(port);
    assertThat(address.address().isUnresolved()).isTrue();
    assertThat(HostInfo.buildFromEndpoint(text)).isEqualTo(new HostInfo(host, port));
  }

  @Test
  void shouldRefuseWhatNamesNoHost() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StateAddress.of(URI.create("mailto:castore")));
  }
}
