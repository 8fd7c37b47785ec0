package io.castore.ingest;

import io.castore.content.digest.Digest;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Something to be ingested. Used by one thread at a time. */
public interface Source {
  /** Names it for ever, as a URI: {@code file:///home/me/a.txt}. */
  String name();

  /**
   * Opens its content from the first byte on. The caller closes the stream.
   *
   * @throws IOException if it cannot be read; the message is for a person
   */
  InputStream open() throws IOException;

  /**
   * Makes sure that what was read since {@link #open} is the content that is meant: that of one
   * moment, or one that was promised. Nothing is published of one that is not.
   *
   * @param digest of what was read
   * @param bytesRead how many bytes there were
   * @throws SourceChangedException if something wrote to it meanwhile
   * @throws IOException if it is another content, or that cannot be found out
   */
  void checkContent(Digest digest, long bytesRead) throws IOException;

  /**
   * Tells which version of the source {@link #open} gave last. Asked after that, and told to
   * whoever asks later whether the source has changed.
   *
   * @return empty where the source has no versions, such as a pipe
   */
  default Optional<SourceVersion> version() {
    return Optional.empty();
  }

  /** Whether {@link #open} gives the content again after it was read. */
  boolean canReadAgain();
}
