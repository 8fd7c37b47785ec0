package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.objectstore.StoreOperation;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScrapeTest {
  @Test
  void shouldReadCounters() {
    Scrape scrape =
        Scrape.parse(
            """
            # TYPE castore_store_requests_total counter
            castore_store_requests_total{operation="put"} 12.0
            castore_store_requests_total{operation="get"} 3.0
            castore_chunker_raw_bytes_total{outcome="stored"} 1.5E7
            jvm_threads_live_threads 40.0
            """);
    assertThat(scrape.requests())
        .isEqualTo(Map.of(StoreOperation.PUT, 12L, StoreOperation.GET, 3L));
    assertThat(scrape.newBytes()).isEqualTo(15_000_000);
  }

  @Test
  void shouldTellNothingOfAnEmptyPage() {
    assertThat(Scrape.parse("")).isEqualTo(Scrape.NONE);
    assertThat(Scrape.NONE.requests()).isEmpty();
  }
}
