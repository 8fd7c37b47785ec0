package io.castore.cli.command;

import io.castore.cli.system.ReadStore;
import io.castore.content.blob.BlobReader;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a blob's bytes to standard output. */
@Command(
    name = "cat",
    description =
        "Writes a blob's (or a chunk's) bytes to standard output. Every chunk is verified.")
final class CatCommand extends CastoreCommand {
  private final Output output;

  @Mixin private BlobArgument argument = new BlobArgument();

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "First byte to write. Default: ${DEFAULT-VALUE}.")
  private long offset;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "How many bytes to write, at most. Default: all.")
  private long length = Long.MAX_VALUE;

  CatCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (ObjectStore store = ReadStore.open(options().config())) {
      BlobReader blobs = new BlobReader(store);
      ChunkList blob = argument.find(blobs, store);
      if (offset < 0 || offset > blob.size() || length < 0) {
        output.note(
            "cannot give %d bytes from offset %d of blob %s (expected: an offset from 0 to its size, %d)"
                .formatted(length, offset, blob.blob(), blob.size()));
        return ExitCode.FAILED;
      }
      try (InputStream content = blobs.open(blob, offset, Math.min(length, blob.size() - offset))) {
        copy(content);
      }
    }
    return ExitCode.DONE;
  }

  private void copy(InputStream content) throws IOException {
    content.transferTo(output.results());
    output.flush();
  }
}
