package io.castore.query.existence;

import io.castore.content.digest.Digest;
import java.util.List;

/**
 * Which chunks are asked about.
 *
 * @param storeId which store; empty for that of whoever answers
 * @param localOnly whether nobody else is to be asked
 */
record Question(List<Digest> digests, String storeId, boolean localOnly) {
  Question {
    digests = List.copyOf(digests);
  }
}
