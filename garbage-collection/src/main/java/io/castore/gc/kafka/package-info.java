/** What the collection of garbage asks of Kafka. */
package io.castore.gc.kafka;
