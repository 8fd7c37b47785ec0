package io.castore.cli.command;

import io.castore.cli.files.Found;
import io.castore.cli.files.SourceTree;
import io.castore.feeds.backfill.FileCandidates;
import io.castore.feeds.backfill.SourceListing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file, or the files below a directory, found as {@code castore ingest} finds them.
 *
 * @param tree how directories are walked
 * @param from the path as it was typed
 */
record TreeListing(SourceTree tree, String from) implements SourceListing {
  @Override
  public void list(Visitor visitor) throws IOException, InterruptedException {
    try {
      tree.<Exception>walk(List.of(from), found -> take(found, visitor));
    } catch (IOException | InterruptedException | RuntimeException ended) {
      throw ended;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void take(Found found, Visitor visitor) throws IOException, InterruptedException {
    if (found instanceof Found.RegularFile file) {
      take(file, visitor);
    } else if (found instanceof Found.Skipped skipped) {
      visitor.passedOver(skipped.name().shown(), skipped.reason());
    } else if (found instanceof Found.Failed failed) {
      visitor.failed(failed.name().shown(), failed.reason());
    } else {
      visitor.failed(
          found.name().shown(), "is a named pipe (expected: a file, a directory or s3://…)");
    }
  }

  private void take(Found.RegularFile file, Visitor visitor)
      throws IOException, InterruptedException {
    Path top = Path.of(from);
    Path below =
        file.path().equals(top)
            ? file.path().toAbsolutePath().getFileName()
            : top.relativize(file.path());
    visitor.found(FileCandidates.of(file.path(), String.valueOf(below), file.version()));
  }

  @Override
  public String toString() {
    return from;
  }
}
