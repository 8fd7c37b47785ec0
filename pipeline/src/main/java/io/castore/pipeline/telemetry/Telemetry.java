package io.castore.pipeline.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

/**
 * Where a service tells what it does.
 *
 * @param meters is told figures
 * @param tracing is told what becomes of single uploads
 */
public record Telemetry(MeterRegistry meters, Tracing tracing) {
  /** Has nobody listen, which costs next to nothing. */
  public static Telemetry none() {
    return new Telemetry(new CompositeMeterRegistry(), Tracing.OFF);
  }
}
