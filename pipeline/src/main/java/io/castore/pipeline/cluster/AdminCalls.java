package io.castore.pipeline.cluster;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for answers to administrative requests, for a minute at most. */
public final class AdminCalls {
  static final long TIMEOUT_SECONDS = 60;

  private AdminCalls() {}

  /**
   * Waits for an answer.
   *
   * @param action what was asked for, as it follows "cannot"
   * @throws KafkaException if Kafka refuses or does not answer; its cause tells which
   */
  public static <T> T await(KafkaFuture<T> answer, String action) throws InterruptedException {
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new KafkaException("cannot " + action + ": " + failed.getCause(), failed.getCause());
    } catch (TimeoutException late) {
      throw new KafkaException(
          "cannot " + action + ": no answer in " + TIMEOUT_SECONDS + " s", late);
    }
  }
}
