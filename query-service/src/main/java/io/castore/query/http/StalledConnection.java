package io.castore.query.http;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a client that takes nothing. What resets a request waits behind what the client
 * does not take, and so could wait for ever.
 */
public final class StalledConnection {
  private final @Nullable Channel channel;
  private final boolean shared;

  private StalledConnection(@Nullable Channel channel, boolean shared) {
    this.channel = channel;
    this.shared = shared;
  }

  /** Gives that of a request. */
  public static StalledConnection of(ServiceRequestContext ctx) {
    Channel channel =
        ctx.log().isAvailable(RequestLogProperty.SESSION) ? ctx.log().partial().channel() : null;
    return new StalledConnection(channel, ctx.sessionProtocol().isMultiplex());
  }

  /**
   * Closes it, unless other requests share it and it takes bytes still.
   *
   * @param patience how long it may take until it has taken some
   */
  public void close(Duration patience) {
    Channel stalled = channel;
    if (stalled == null) {
      return;
    }
    if (!shared) {
      ChannelFuture unused = stalled.close();
      return;
    }
    ChannelFuture taken = stalled.writeAndFlush(Unpooled.EMPTY_BUFFER);
    Future<?> unused =
        stalled
            .eventLoop()
            .schedule(
                () -> {
                  if (!taken.isDone()) {
                    ChannelFuture unusedClose = stalled.close();
                  }
                },
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
  }
}
