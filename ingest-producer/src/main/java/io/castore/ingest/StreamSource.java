package io.castore.ingest;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.io.InputStream;

/** A stream that can be read once, such as standard input or a named pipe. */
public final class StreamSource implements Source {
  /** Opens a stream. */
  @FunctionalInterface
  public interface Opener {
    /** Opens it; called once at most. */
    InputStream open() throws IOException;
  }

  private final String name;
  private final Opener opener;

  /**
   * Names a stream.
   *
   * @param name the source's name, a URI
   */
  public StreamSource(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream open() throws IOException {
    return opener.open();
  }

  @Override
  public void checkContent(Digest digest, long bytesRead) {
    // What came out of a stream is its content.
  }

  @Override
  public boolean canReadAgain() {
    return false;
  }
}
