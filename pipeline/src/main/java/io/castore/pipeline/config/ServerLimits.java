package io.castore.pipeline.config;

import java.time.Duration;

/**
 * What a server takes from its clients.
 *
 * @param maxConnections connections at a time
 * @param maxRequests requests at a time
 * @param maxUploads uploads that are read at a time; more wait for their turn
 * @param maxUploadBytes length of the longest upload
 * @param maxHeaderBytes length of a request's headers
 * @param requestTimeout from a request to the beginning of its answer
 * @param stallTimeout without a byte of a body in either direction
 */
public record ServerLimits(
    int maxConnections,
    int maxRequests,
    int maxUploads,
    long maxUploadBytes,
    int maxHeaderBytes,
    Duration requestTimeout,
    Duration stallTimeout) {}
