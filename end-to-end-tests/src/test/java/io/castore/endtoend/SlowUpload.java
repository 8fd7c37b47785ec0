package io.castore.endtoend;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * An upload over HTTP that stops half-way, until it is ended or given up.
 *
 * <p>Not thread-safe.
 */
final class SlowUpload implements AutoCloseable {
  private final Socket socket;
  private final byte[] rest;

  private SlowUpload(Socket socket, byte[] rest) {
    this.socket = socket;
    this.rest = rest;
  }

  /** Sends a content twice but for the second time, which comes with the end. */
  static SlowUpload begin(URI service, String source, byte[] content) throws IOException {
    Socket socket = new Socket(service.getHost(), service.getPort());
    socket
        .getOutputStream()
        .write(
            "PUT /blobs HTTP/1.1\r\nHost: localhost\r\nCastore-Source: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(source, 2L * content.length)
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(content);
    socket.getOutputStream().flush();
    return new SlowUpload(socket, content);
  }

  /** Sends what is left. */
  void end() throws IOException {
    socket.getOutputStream().write(rest);
    socket.getOutputStream().flush();
  }

  /** Goes away. What has not ended by then is aborted. */
  void giveUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    giveUp();
  }
}
