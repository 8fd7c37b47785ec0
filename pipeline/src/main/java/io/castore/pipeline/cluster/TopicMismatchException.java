package io.castore.pipeline.cluster;

/**
 * A topic exists with settings under which data could be lost or refused. A person has to change
 * the topic or the configuration; the message names the topic, the setting and both values.
 */
public final class TopicMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  TopicMismatchException(String message) {
    super(message);
  }
}
