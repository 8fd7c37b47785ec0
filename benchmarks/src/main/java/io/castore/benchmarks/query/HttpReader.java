package io.castore.benchmarks.query;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client that does as little as a client can, on one connection: it reads answers and forgets
 * them. Not thread-safe.
 */
final class HttpReader implements Closeable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final URI server;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  HttpReader(URI server) throws IOException {
    this.server = server;
    socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    out = socket.getOutputStream();
  }

  /** Reads a whole answer, and gives the length of its body. */
  long get(String path) throws IOException {
    return get(path, "");
  }

  /** Reads a part, and gives the length of the answer's body. */
  long get(String path, long start, int length) throws IOException {
    return get(path, "Range: bytes=%d-%d\r\n".formatted(start, start + length - 1));
  }

  private long get(String path, String header) throws IOException {
    out.write(
        "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(path, server.getAuthority(), header)
            .getBytes(StandardCharsets.US_ASCII));
    String status = line();
    if (!status.contains(" 200 ") && !status.contains(" 206 ")) {
      throw new IOException(path + ": " + status);
    }
    long length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException(path + ": " + left + " bytes are missing");
      }
      left -= read;
    }
    return length;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
      next = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
