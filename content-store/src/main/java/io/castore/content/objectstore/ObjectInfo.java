package io.castore.content.objectstore;

/**
 * What a listing tells of an object.
 *
 * @param key its key, relative to the store's prefix
 * @param size its length, in bytes
 */
public record ObjectInfo(String key, long size) {}
