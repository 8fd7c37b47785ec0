package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

final class LoopbackSocketsTest {
  private static final int DEFAULT = -1;

  @Test
  void shouldHoldItsPortsFromTheStart() throws Exception {
    try (LoopbackSockets sockets = LoopbackSockets.open();
        ServerSocket rival = new ServerSocket()) {
      assertThat(sockets.brokerPort()).isNotEqualTo(sockets.controllerPort());
      assertThatThrownBy(() -> rival.bind(address(sockets.brokerPort())))
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void shouldHandOutEachSocketOnce() throws Exception {
    try (LoopbackSockets sockets = LoopbackSockets.open();
        ServerSocketChannel broker = take(sockets, sockets.brokerPort())) {
      assertThat(broker.isOpen()).isTrue();
      assertThat(broker.isBlocking()).isFalse();
      assertThatThrownBy(() -> take(sockets, sockets.brokerPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("once each");
    }
  }

  @Test
  void shouldFreePortsThatNobodyTookWhenClosed() throws Exception {
    LoopbackSockets sockets = LoopbackSockets.open();
    sockets.close();
    try (ServerSocket rival = new ServerSocket()) {
      rival.bind(address(sockets.controllerPort()));
      assertThat(rival.isBound()).isTrue();
    }
  }

  private static ServerSocketChannel take(LoopbackSockets sockets, int port) throws IOException {
    return sockets.openServerSocket("BROKER", address(port), DEFAULT, DEFAULT);
  }

  private static InetSocketAddress address(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }
}
