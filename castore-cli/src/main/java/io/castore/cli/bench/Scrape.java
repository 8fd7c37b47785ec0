package io.castore.cli.bench;

import io.castore.content.objectstore.StoreOperation;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What the service tells on its page of metrics at one moment.
 *
 * @param series each series, with its labels, and its value
 */
record Scrape(Map<String, Double> series) {
  static final Scrape NONE = new Scrape(Map.of());

  private static final String REQUESTS = "castore_store_requests_total{operation=\"%s\"}";
  private static final String NEW_BYTES = "castore_chunker_raw_bytes_total{outcome=\"stored\"}";

  /** Keeps the map as it is now. */
  Scrape {
    series = Map.copyOf(series);
  }

  /** Reads the page, in Prometheus' text format. */
  static Scrape parse(String page) {
    Map<String, Double> series = new HashMap<>();
    page.lines()
        .filter(line -> line.startsWith("castore_"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              series.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)));
            });
    return new Scrape(series);
  }

  /** What was asked of the store so far; nothing where the service does not tell. */
  Map<StoreOperation, Long> requests() {
    Map<StoreOperation, Long> requests = new EnumMap<>(StoreOperation.class);
    for (StoreOperation operation : StoreOperation.values()) {
      Double count = series.get(REQUESTS.formatted(operation.text()));
      if (count != null) {
        requests.put(operation, count.longValue());
      }
    }
    return requests;
  }

  /** How many bytes of chunks were new so far, before compression. */
  long newBytes() {
    return series.getOrDefault(NEW_BYTES, 0.0).longValue();
  }
}
