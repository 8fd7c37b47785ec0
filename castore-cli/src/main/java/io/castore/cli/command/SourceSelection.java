package io.castore.cli.command;

import io.castore.cli.files.PathText;
import io.castore.cli.files.SourceNames;
import io.castore.pipeline.sources.SourceCatalogue;
import io.castore.proto.pipeline.SourceEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sources that a person means: all whose names start alike, or those of a path, which are the
 * file there and all that is below it.
 *
 * @param prefix what the names start with, or the name of the path
 * @param isPath whether it is a path
 */
record SourceSelection(String prefix, boolean isPath) {
  /** Reads what was typed: a name, or the start of one, such as s3://bucket/dir/; or a path. */
  static SourceSelection of(String argument) {
    return argument.isEmpty() || SourceNames.isName(argument)
        ? new SourceSelection(argument, false)
        : new SourceSelection(SourceNames.ofPath(Path.of(argument)), true);
  }

  /** Visits the newest version of each, in the order of names. */
  <E extends Exception> void visit(SourceCatalogue catalogue, SourceCatalogue.Visitor<E> visitor)
      throws E, IOException {
    if (!isPath) {
      catalogue.visit(prefix, visitor);
      return;
    }
    Optional<SourceEntry> file = catalogue.find(prefix);
    if (file.isPresent()) {
      visitor.visit(prefix, file.get());
    }
    catalogue.visit(prefix + "/", visitor);
  }

  /**
   * Gives the path of one of them below a directory: what follows the path, or the last slash of
   * what the names start with. A file that is named itself keeps its name.
   */
  PathText pathBelow(String name) {
    boolean isBelowPath = isPath && name.length() > prefix.length();
    return SourceNames.path(name, isBelowPath ? prefix.length() + 1 : prefix.lastIndexOf('/') + 1);
  }
}
