package io.castore.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TcpProxyTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int GLANCE_MILLIS = 200;

  private final AtomicInteger port = new AtomicInteger();
  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void open() throws IOException {
    server = echo(7);
    proxy = TcpProxy.open(port::get);
    port.set(server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void shouldLeadToWhereTheServerIsNow() throws IOException {
    assertThat(ask(PATIENCE_MILLIS)).isEqualTo(7);
    try (ServerSocket other = echo(9)) {
      port.set(other.getLocalPort());
      assertThat(ask(PATIENCE_MILLIS)).isEqualTo(9);
    }
    assertThat(proxy.hindered()).isZero();
  }

  @Test
  void shouldRefuseUntilMended() throws IOException {
    proxy.become(TcpProxy.Mode.REFUSING);
    assertThatThrownBy(() -> ask(PATIENCE_MILLIS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(proxy.hindered()).isOne();
    proxy.become(TcpProxy.Mode.OPEN);
    assertThat(ask(PATIENCE_MILLIS)).isEqualTo(7);
  }

  @Test
  void shouldGiveNoAnswerUntilMended() throws IOException {
    proxy.become(TcpProxy.Mode.SILENT);
    assertThatThrownBy(() -> ask(GLANCE_MILLIS)).isInstanceOf(SocketTimeoutException.class);
    assertThat(proxy.hindered()).isPositive();
    proxy.become(TcpProxy.Mode.OPEN);
    assertThat(ask(PATIENCE_MILLIS)).isEqualTo(7);
  }

  private int ask(int timeoutMillis) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(1);
      int answer = socket.getInputStream().read();
      if (answer < 0) {
        throw new IOException("ended");
      }
      return answer;
    }
  }

  /** Answers each connection's first byte with another one. */
  private static ServerSocket echo(int answer) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!listener.isClosed()) {
                try (Socket client = listener.accept()) {
                  if (client.getInputStream().read() >= 0) {
                    client.getOutputStream().write(answer);
                  }
                } catch (IOException gone) {
                  // The next one.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return listener;
  }
}
