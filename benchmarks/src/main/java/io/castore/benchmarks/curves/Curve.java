package io.castore.benchmarks.curves;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What grows from point to point. */
enum Curve {
  /** Files of 4 KiB. */
  FILES("files of 4 KiB", "1000 10000 50000 200000", "20 60"),
  /** One file, in MiB. */
  SIZE("MiB in one file", "64 256 1024 4096 8192", "1 4"),
  /** Commands that ingest at the same time, each a part of the same amount. */
  CLIENTS("clients at once, 512 MiB together", "1 2 4 8 16", "1 2"),
  /** Chunks that are known before anything is ingested. */
  CHUNKS("chunks stored before, then 512 MiB", "10000 100000 1000000", "1000"),
  /** Partitions of the topic of chunks, and threads that store them. */
  THREADS("partitions x threads, 512 MiB", "1x1 8x1 8x2 8x4 64x2 64x4", "2x1");

  private final String heading;
  private final String usual;
  private final String smoke;

  Curve(String heading, String usual, String smoke) {
    this.heading = heading;
    this.usual = usual;
    this.smoke = smoke;
  }

  /** What its points are. */
  String heading() {
    return heading;
  }

  /** The points that are measured where none are chosen. */
  List<Point> points() {
    return parse(usual);
  }

  /** Points that show whether all of it works, in seconds. */
  List<Point> smokePoints() {
    return parse(smoke);
  }

  private List<Point> parse(String points) {
    return Stream.of(points.split(" ", -1)).map(this::point).toList();
  }

  /**
   * Reads one of its points.
   *
   * @throws IllegalArgumentException if it is none; says what was expected
   */
  Point point(String text) {
    return Point.parse(text, this == THREADS);
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
