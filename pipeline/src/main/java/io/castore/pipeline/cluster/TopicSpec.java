package io.castore.pipeline.cluster;

import java.util.Map;

/**
 * How a topic has to be.
 *
 * @param name its name in Kafka, with the prefix
 * @param partitions how many partitions it is made with
 * @param required topic settings that it is made with, and that it must have for nothing to be lost
 * @param minimums topic settings in bytes that it is made with, and that must be at least so large
 * @param preferred topic settings that it is made with, and that may be changed afterwards
 */
record TopicSpec(
    String name,
    int partitions,
    Map<String, String> required,
    Map<String, Integer> minimums,
    Map<String, String> preferred) {}
