package io.castore.pipeline.metrics;

import java.util.function.DoubleSupplier;

/** Takes figures that can be asked for, to tell them in another manner. */
@FunctionalInterface
public interface GaugeSink {
  /**
   * Takes one.
   *
   * @param group what it is about: {@code chunk-log}
   * @param name what it is: {@code backlog-bytes}
   * @param value asked for on any thread; returns at once
   */
  void gauge(String group, String name, String description, DoubleSupplier value);
}
