package io.castore.cli.bench;

import io.castore.content.chunking.ChunkSizes;
import io.castore.content.chunking.FastCdc;
import io.castore.content.codec.ChunkCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/**
 * Measures the floors, with a thread on every core.
 *
 * @param cores how many
 * @param sizes how contents are cut
 * @param level of zstd
 */
record FloorMeter(int cores, ChunkSizes sizes, int level) {
  private static final long ENOUGH_BYTES = 512L << 20;
  private static final int OBJECTS = 2000;
  private static final long SEED = 1;

  private interface Step {
    void run(int thread) throws IOException;
  }

  /**
   * Measures.
   *
   * @param corpus the contents; up to 512 MiB of them are used
   * @param scratch an empty directory, on the file system that matters
   */
  Floors measure(Corpus corpus, Path scratch) throws IOException, InterruptedException {
    List<Corpus.File> files = new ArrayList<>(corpus.files());
    Collections.shuffle(files, new Random(SEED));
    Queue<Corpus.File> shared = new ConcurrentLinkedQueue<>(files);
    Corpus.File largest = Collections.max(files, (a, b) -> Long.compare(a.bytes(), b.bytes()));
    KernelFloor[] kernels = new KernelFloor[cores];
    FastCdc cutter = new FastCdc(sizes);
    onEachCore(
        thread -> {
          kernels[thread] = new KernelFloor(cutter, new ChunkCodec(level));
          kernels[thread].warmUp(largest);
        });
    // One file alone is gone through by all threads: what they find in it is the same.
    onEachCore(
        thread ->
            kernels[thread].measure(
                files.size() < cores ? new ArrayDeque<>(files) : shared, ENOUGH_BYTES / cores));
    FileFloor maker = new FileFloor(scratch, OBJECTS / cores);
    double objects = onEachCore(maker::makeObjects) / (maker.files() * cores);
    double made = onEachCore(maker::makeFiles) / (maker.files() * cores);
    double looked = onEachCore(thread -> FileFloor.look(files)) / (files.size() * cores);
    return new Floors(
        rate(kernels, kernel -> kernel.copyNanos),
        rate(kernels, kernel -> kernel.cutNanos),
        rate(kernels, kernel -> kernel.hashNanos),
        rate(kernels, kernel -> kernel.compressNanos),
        rate(kernels, kernel -> kernel.decompressNanos),
        objects,
        made,
        looked);
  }

  /** Bytes a second of all threads together, had they shared the work evenly. */
  private double rate(KernelFloor[] kernels, ToLongFunction<KernelFloor> nanos) {
    long bytes = Arrays.stream(kernels).mapToLong(kernel -> kernel.bytes).sum();
    long spent = Arrays.stream(kernels).mapToLong(nanos).sum();
    return bytes * cores / (Math.max(1, spent) / 1e9);
  }

  /** Runs a step on every core at the same time, and gives how long all took, in seconds. */
  private double onEachCore(Step step) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      long start = System.nanoTime();
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < cores; i++) {
        int thread = i;
        running.add(
            threads.submit(
                () -> {
                  step.run(thread);
                  return true;
                }));
      }
      for (Future<Boolean> one : running) {
        one.get();
      }
      return (System.nanoTime() - start) / 1e9;
    } catch (ExecutionException failed) {
      throw new IOException("the floors could not be measured", failed.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
