package io.castore.query.server;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Takes new connections on one thread, and stops at once: Netty's own would linger for seconds. */
final class AcceptingLoop extends MultiThreadIoEventLoopGroup {
  private static final int LONGEST_STOP_SECONDS = 5;

  AcceptingLoop(String threadName) {
    super(1, new DefaultThreadFactory(threadName, true), NioIoHandler.newFactory());
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
  }
}
