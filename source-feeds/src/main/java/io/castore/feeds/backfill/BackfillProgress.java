package io.castore.feeds.backfill;

/**
 * How far a job has come.
 *
 * @param listed sources that were found
 * @param leftOut of these, those that the job is not about
 * @param skipped those that are in the store as they are
 * @param ingested those that were read and are in the store now
 * @param fresh of the ingested ones, those that brought bytes that the store did not hold
 * @param failed those that could not be read or stored, and what could not be listed
 * @param bytes length of what was ingested, in bytes
 * @param newBytes bytes of these that the store did not hold
 */
public record BackfillProgress(
    long listed,
    long leftOut,
    long skipped,
    long ingested,
    long fresh,
    long failed,
    long bytes,
    long newBytes) {}
