package io.castore.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The listening sockets of one broker, bound to free ports of the loopback interface before the
 * broker is configured with the ports. No other process can take a port in between, so that there
 * is no race to lose and nothing to try again.
 *
 * <p>Safe for use by many threads. A socket that was handed out is its taker's; {@link #close()}
 * closes the others.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {
  static final String HOST = "127.0.0.1";

  private static final int BACKLOG = 50;

  private final Map<Integer, ServerSocketChannel> unclaimed = new ConcurrentHashMap<>();
  private final InetSocketAddress brokerAddress;
  private final InetSocketAddress controllerAddress;

  private LoopbackSockets(ServerSocketChannel broker, ServerSocketChannel controller)
      throws IOException {
    brokerAddress = (InetSocketAddress) broker.getLocalAddress();
    controllerAddress = (InetSocketAddress) controller.getLocalAddress();
    unclaimed.put(brokerPort(), broker);
    unclaimed.put(controllerPort(), controller);
  }

  /** Binds two free ports. */
  static LoopbackSockets open() throws IOException {
    ServerSocketChannel broker = bind();
    try {
      return new LoopbackSockets(broker, bind());
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  int brokerPort() {
    return brokerAddress.getPort();
  }

  int controllerPort() {
    return controllerAddress.getPort();
  }

  InetSocketAddress controllerAddress() {
    return controllerAddress;
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listenerName, InetSocketAddress address, int backlog, int receiveBufferBytes)
      throws IOException {
    ServerSocketChannel channel = unclaimed.remove(address.getPort());
    if (channel == null) {
      throw new IOException(
          "port of listener "
              + listenerName
              + ": "
              + address.getPort()
              + " (expected: "
              + brokerPort()
              + " or "
              + controllerPort()
              + ", once each)");
    }
    channel.configureBlocking(false);
    return channel;
  }

  @Override
  public void close() throws IOException {
    for (Integer port : Map.copyOf(unclaimed).keySet()) {
      ServerSocketChannel channel = unclaimed.remove(port);
      if (channel != null) {
        channel.close();
      }
    }
  }

  private static ServerSocketChannel bind() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      InetAddress loopback = InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
      channel.bind(new InetSocketAddress(loopback, 0), BACKLOG);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
