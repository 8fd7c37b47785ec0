package io.castore.blobs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the content of one blob goes. Not thread-safe, but for {@link #abort}. */
interface ContentSink {
  /** Takes all bytes that remain in a buffer. Once this failed, nothing else is called. */
  void write(ByteBuffer bytes) throws IOException;

  /** Says that the content is whole, and waits until it can be read. */
  StoredBlob end() throws IOException;

  /** Gives the content up. Does nothing after its end or another abort. Never waits. */
  void abort();
}
