package io.castore.endtoend.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * A port of 127.0.0.1 that stays the same while what is behind it comes and goes with other ports,
 * and that can be cut off from it.
 *
 * <p>Safe for use by many threads.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int BACKLOG = 200;

  private final ServerSocket listener;
  private final IntSupplier target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong hindered = new AtomicLong();
  private final Object modeChange = new Object();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "proxy");
            thread.setDaemon(true);
            return thread;
          });

  private volatile Mode mode = Mode.OPEN;

  /** What becomes of what comes. */
  enum Mode {
    /** It goes through. */
    OPEN,
    /** Connections are reset, as by a host whose service is gone. */
    REFUSING,
    /** Connections stay, and nothing comes of them, as behind a broken switch. */
    SILENT,
    /** There is no proxy any more. */
    CLOSED
  }

  private TcpProxy(ServerSocket listener, IntSupplier target) {
    this.listener = listener;
    this.target = target;
  }

  /**
   * Opens a free port.
   *
   * @param target tells the port that is behind it at the moment, or 0 where there is none
   */
  static TcpProxy open(IntSupplier target) throws IOException {
    ServerSocket listener =
        new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    TcpProxy proxy = new TcpProxy(listener, target);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Changes what becomes of what comes, and drops the connections that there are. */
  void become(Mode newMode) {
    boolean keepsConnections = newMode == Mode.SILENT;
    synchronized (modeChange) {
      mode = newMode;
      modeChange.notifyAll();
    }
    if (!keepsConnections) {
      sockets.forEach(TcpProxy::reset);
    }
  }

  /** Counts the connections that were refused, and the pieces of data that were held up. */
  long hindered() {
    return hindered.get();
  }

  private void accept() {
    while (mode != Mode.CLOSED) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        // The listener was closed, or the client is gone already.
      }
    }
  }

  private void serve(Socket client) {
    Socket server = new Socket();
    try (client;
        server) {
      if (mode == Mode.REFUSING) {
        hindered.incrementAndGet();
        reset(client);
        return;
      }
      awaitPassage();
      int port = target.getAsInt();
      if (port == 0) {
        reset(client);
        return;
      }
      sockets.add(server);
      server.connect(new InetSocketAddress(listener.getInetAddress(), port));
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      Future<?> back = threads.submit(() -> pump(server, client));
      pump(client, server);
      back.get();
    } catch (IOException | ExecutionException | RejectedExecutionException gone) {
      // Then both are.
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
      sockets.remove(server);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitPassage();
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException gone) {
      reset(from);
      reset(to);
    }
  }

  private void awaitPassage() throws IOException {
    synchronized (modeChange) {
      if (mode == Mode.SILENT) {
        hindered.incrementAndGet();
      }
      while (mode == Mode.SILENT) {
        try {
          modeChange.wait();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException(interrupted);
        }
      }
    }
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException gone) {
      // That was wanted.
    }
  }

  @Override
  public void close() throws IOException {
    become(Mode.CLOSED);
    listener.close();
    threads.shutdownNow();
  }
}
