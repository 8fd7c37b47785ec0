package io.castore.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

final class ServiceMetricsTest {
  @Test
  void shouldTellTheValueOfTheMomentOverJmxUntilClosedAndInTheRegistry() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("castore:type=store-breaker");
    AtomicInteger open = new AtomicInteger();
    MeterRegistry meters = new SimpleMeterRegistry();
    try (ServiceMetrics metrics = new ServiceMetrics(meters)) {
      metrics.gauge("store-breaker", "open", "1 while the store is away", open::get);
      assertThat(beans.getAttribute(name, "open")).isEqualTo(0.0);

      open.set(1);

      assertThat(beans.getAttribute(name, "open")).isEqualTo(1.0);
      assertThat(meters.get("castore.store.breaker.open").gauge().value()).isEqualTo(1.0);
    }
    assertThat(beans.isRegistered(name)).isFalse();
  }
}
