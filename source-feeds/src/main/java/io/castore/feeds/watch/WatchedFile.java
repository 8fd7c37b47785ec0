package io.castore.feeds.watch;

import io.castore.feeds.KnownSources;
import io.castore.feeds.SourceFault;
import io.castore.ingest.FileSource;
import io.castore.ingest.Source;
import io.castore.proto.pipeline.SourceVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that has come to rest.
 *
 * @param version as it was seen
 */
record WatchedFile(Path path, String name, SourceVersion version) implements WatchedSource {
  @Override
  public boolean isDone(KnownSources known) throws IOException {
    return known.isUnchanged(name, version);
  }

  @Override
  public Source source() {
    return new FileSource(path);
  }

  @Override
  public SourceFault fault() {
    if (Files.notExists(path)) {
      return SourceFault.VANISHED;
    }
    return Files.isReadable(path) ? SourceFault.TEMPORARY : SourceFault.DENIED;
  }
}
