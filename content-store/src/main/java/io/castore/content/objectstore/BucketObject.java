package io.castore.content.objectstore;

import java.time.Instant;

/**
 * What an S3 service tells of one of its objects.
 *
 * @param key its key in the bucket
 * @param size its length, in bytes
 * @param etag what the service calls this content of the object, without quotes; empty where it
 *     does not tell
 * @param modifiedAt when it was written; to the second only, where it was not listed
 */
public record BucketObject(String key, long size, String etag, Instant modifiedAt) {}
