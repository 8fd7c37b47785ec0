package io.castore.feeds.watch;

/**
 * What a watch has done since it was started.
 *
 * @param events records of the topic that were taken
 * @param others events in them that are of no object's creation, such as removals
 * @param files files that had come to rest
 * @param ingested objects and files that are in the store now
 * @param bytes their length, in bytes
 * @param skipped objects and files that were there as they are, or of which an event came again
 * @param vanished those that were gone when they were to be read
 * @param denied those that are not given to us
 * @param malformed records that are no notifications
 * @param failed those that failed as often as is tried
 * @param deadLetters records that were written to the dead letter queue
 * @param inFlight objects and files that are under way
 * @param lag records of the topic that are not done with, in the partitions of this process
 */
public record WatchProgress(
    long events,
    long others,
    long files,
    long ingested,
    long bytes,
    long skipped,
    long vanished,
    long denied,
    long malformed,
    long failed,
    long deadLetters,
    long inFlight,
    long lag) {}
