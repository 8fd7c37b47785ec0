/**
 * What feeds the pipeline by itself: sources that lie in S3 buckets, the events that tell of them,
 * and the jobs that go through many of them.
 */
package io.castore.feeds;
