package io.castore.blobs;

import java.io.IOException;

/** Opens streams of one blob's chunks, one at a time. */
interface ChunkStreams {
  /**
   * Opens a stream of some chunks.
   *
   * @param first place of the first one in the blob's list
   * @param end the place after the last one
   * @throws IOException if they cannot be read
   */
  ChunkStream open(int first, int end) throws IOException;
}
