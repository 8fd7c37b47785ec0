package io.castore.cli.command;

import io.castore.content.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a blob's bytes to standard output. */
@Command(
    name = "cat",
    description =
        "Writes a blob's (or a chunk's) bytes to standard output. Every chunk is verified.")
final class CatCommand extends CastoreCommand {
  private static final int COPY_BYTES = 64 << 10;

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
    Digest digest = argument.digest();
    try (BlobSource blobs = BlobSource.open(options());
        SeekableByteChannel content = blobs.open(digest)) {
      if (offset < 0 || offset > content.size() || length < 0) {
        output.note(
            "cannot give %d bytes from offset %d of blob %s (expected: an offset from 0 to its size, %d)"
                .formatted(length, offset, digest, content.size()));
        return ExitCode.FAILED;
      }
      copy(content.position(offset));
    }
    return ExitCode.DONE;
  }

  private void copy(SeekableByteChannel content) throws IOException {
    byte[] bytes = new byte[COPY_BYTES];
    long left = length;
    int read = 0;
    while (left > 0 && read >= 0) {
      read = content.read(ByteBuffer.wrap(bytes, 0, (int) Math.min(left, bytes.length)));
      if (read > 0) {
        output.results().write(bytes, 0, read);
        left -= read;
      }
    }
    output.flush();
  }
}
