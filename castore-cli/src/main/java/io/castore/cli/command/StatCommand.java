package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.castore.content.layout.ChunkList;
import io.castore.content.layout.ChunkRef;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what a blob consists of. */
@Command(name = "stat", description = "Tells a blob's (or a chunk's) size and chunks.")
final class StatCommand extends CastoreCommand {
  private final Output output;

  @Mixin private BlobArgument argument = new BlobArgument();

  @Option(names = "--chunks", description = "List the chunks: digest, offset, size.")
  private boolean chunks;

  StatCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (BlobSource blobs = BlobSource.open(options())) {
      ChunkList blob = blobs.chunks(argument.digest());
      if (options().json()) {
        output.result(json(blob));
      } else {
        print(blob);
      }
      output.flush();
    }
    return ExitCode.DONE;
  }

  private void print(ChunkList blob) throws IOException {
    output.result("digest  " + blob.blob());
    output.result("size    " + blob.size());
    output.result("chunks  " + blob.count());
    if (chunks) {
      for (int i = 0; i < blob.count(); i++) {
        ChunkRef chunk = blob.get(i);
        output.result("%s  %12d  %8d".formatted(chunk.digest(), blob.offset(i), chunk.size()));
      }
    }
  }

  private static ObjectNode json(ChunkList blob) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("digest", blob.blob().toHex()).put("size", blob.size());
    ArrayNode list = object.putArray("chunks");
    for (int i = 0; i < blob.count(); i++) {
      ChunkRef chunk = blob.get(i);
      list.addObject()
          .put("digest", chunk.digest().toHex())
          .put("offset", blob.offset(i))
          .put("size", chunk.size());
    }
    return object;
  }
}
