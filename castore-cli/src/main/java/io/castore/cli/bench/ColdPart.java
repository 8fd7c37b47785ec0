package io.castore.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured without a service: each command starts all that it needs.
 *
 * @param part an empty system
 */
record ColdPart(Part part) {
  /** Does the phases of a round. */
  Map<Phase, Figures> run() throws IOException, InterruptedException {
    part.ingest(Phase.COLD_INGEST, part.context().first(), List.of(), Optional.empty());
    if (part.context().phases().contains(Phase.COLD_RESTORE)) {
      part.restore(Phase.COLD_RESTORE, part.list(Phase.COLD_INGEST), Optional.empty());
    }
    return part.figures();
  }
}
