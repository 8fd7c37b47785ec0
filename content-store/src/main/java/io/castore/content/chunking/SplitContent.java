package io.castore.content.chunking;

import io.castore.content.digest.Digest;

/**
 * What a content came to that was split.
 *
 * @param digest digest of the whole
 * @param bytes its length
 * @param chunks how many chunks it has, none where it is empty
 */
public record SplitContent(Digest digest, long bytes, long chunks) {}
