package io.castore.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What it takes to make a file. All threads share one directory of objects under way, as those of a
 * store do, and have shards of their own.
 *
 * @param directory for the files; empty
 * @param files how many each thread makes
 */
record FileFloor(Path directory, int files) {
  private static final int FILE_BYTES = 1024;

  /** Files of a store, each in a shard of its own, as is usual among 65,536 of them. */
  void makeObjects(int thread) throws IOException {
    Path under = Files.createDirectories(directory.resolve("under-way"));
    Path shards = Files.createDirectories(directory.resolve("objects-" + thread));
    for (int i = 0; i < files; i++) {
      String name = thread + "-" + i;
      Path shard = Files.createDirectory(shards.resolve(name));
      sync(shards);
      Path written = write(under.resolve(name), true);
      Files.move(written, shard.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      sync(shard);
    }
  }

  /** Files as a restore makes them. */
  void makeFiles(int thread) throws IOException {
    Path target = Files.createDirectories(directory.resolve("files-" + thread));
    for (int i = 0; i < files; i++) {
      write(target.resolve(Integer.toString(i)), false);
    }
  }

  /** Reads what is known of files. */
  static void look(List<Corpus.File> files) throws IOException {
    for (Corpus.File file : files) {
      BasicFileAttributes unused =
          Files.readAttributes(file.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static Path write(Path file, boolean durably) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(FILE_BYTES));
      if (durably) {
        channel.force(true);
      }
    }
    return file;
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
