package io.castore.endtoend.faults;

import io.castore.endtoend.CastoreProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** All the harm that is done. */
final class Blows {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
  private static final long FILL_AGAIN_MILLIS = 50;

  /** What a service says of a write that failed for want of space. */
  private static final String FULL = "the disk or the quota is full";

  private Blows() {}

  /** Kills a service, and starts it again after some time. */
  static Strike.Blow kill(Function<Cluster, Supervised> target, Duration down) {
    return cluster -> {
      Supervised service = target.apply(cluster);
      boolean alive = service.isAlive();
      service.kill();
      TimeUnit.MILLISECONDS.sleep(down.toMillis());
      service.start();
      return alive;
    };
  }

  /** Stops chunker and indexer with SIGTERM, and starts them again. */
  static Strike.Blow terminate() {
    return cluster -> {
      boolean alive = cluster.chunker(0).isAlive() && cluster.indexer().isAlive();
      cluster.chunker(0).terminate(STOP_PATIENCE);
      cluster.indexer().terminate(STOP_PATIENCE);
      cluster.chunker(0).start();
      cluster.indexer().start();
      return alive;
    };
  }

  /** Kills the ingest, and starts the same one again. */
  static Strike.Blow killIngest() {
    return cluster -> {
      CastoreProcess ingest = cluster.ingest();
      boolean alive = ingest.isAlive();
      if (alive) {
        ingest.kill();
        cluster.startIngest();
      }
      return alive;
    };
  }

  /** Cuts the S3 server off for some time. */
  static Strike.Blow cut(TcpProxy.Mode mode, Duration length) {
    return cluster -> {
      TcpProxy proxy = cluster.s3().proxy();
      long before = proxy.hindered();
      proxy.become(mode);
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
      proxy.become(TcpProxy.Mode.OPEN);
      return proxy.hindered() > before;
    };
  }

  /** Takes all space of the disk for some time. */
  static Strike.Blow fillDisk(Duration length) {
    return cluster -> {
      SmallDisk disk = cluster.disk();
      long before = cluster.countInServiceLogs(FULL);
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() < end) {
        // Again and again: a write that fails gives back what it had taken.
        disk.fill();
        TimeUnit.MILLISECONDS.sleep(FILL_AGAIN_MILLIS);
      }
      disk.free();
      return cluster.countInServiceLogs(FULL) > before;
    };
  }
}
