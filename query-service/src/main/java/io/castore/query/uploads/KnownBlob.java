package io.castore.query.uploads;

import io.castore.content.digest.Digest;

/**
 * A blob that an upload has made.
 *
 * @param source the name of what was uploaded
 * @param size in bytes
 * @param chunks how many it has
 */
public record KnownBlob(Digest digest, String source, long size, long chunks) {}
