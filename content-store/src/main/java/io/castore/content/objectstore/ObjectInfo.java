package io.castore.content.objectstore;

import java.time.Instant;

/**
 * What a store tells of an object without reading it.
 *
 * @param key its key, relative to the store's prefix
 * @param size its length, in bytes
 * @param modifiedAt when it was written last, by the store's clock; some stores know no more than
 *     the second
 */
public record ObjectInfo(String key, long size, Instant modifiedAt) {}
