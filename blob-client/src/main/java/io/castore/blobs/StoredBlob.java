package io.castore.blobs;

import io.castore.content.digest.Digest;
import java.util.UUID;

/**
 * What became of a content that was written.
 *
 * @param digest the blob's digest
 * @param size the blob's length, in bytes
 * @param chunks how many chunks it has
 * @param newChunks how many of them the store did not hold before
 * @param newBytes the raw length of those, in bytes
 * @param uploadId names the upload among all uploads
 */
public record StoredBlob(
    Digest digest, long size, long chunks, long newChunks, long newBytes, UUID uploadId) {}
