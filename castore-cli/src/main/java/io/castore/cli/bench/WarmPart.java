package io.castore.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is measured while the service runs.
 *
 * @param part an empty system
 */
record WarmPart(Part part) {
  /** Does the phases of a round. */
  Map<Phase, Figures> run() throws IOException, InterruptedException {
    Meter.Started started = part.context().meter().measure(part.system()::serve);
    try (Service service = started.service()) {
      part.keep(Phase.START, started.used().figures(0, 0));
      if (wanted(Phase.WARM_UP)) {
        part.warmUp(service);
      }
      ingest(Optional.of(service));
      read(service);
      service.end();
    }
    return part.figures();
  }

  private void ingest(Optional<Service> service) throws IOException, InterruptedException {
    BenchContext context = part.context();
    Corpus first = context.first();
    if (wanted(Phase.INGEST)) {
      part.ingest(Phase.INGEST, first, List.of(), service);
    }
    if (wanted(Phase.AGAIN)) {
      part.ingest(Phase.AGAIN, first, List.of("--force"), service);
    }
    if (wanted(Phase.UNCHANGED)) {
      part.ingest(Phase.UNCHANGED, first, List.of(), service);
    }
    if (wanted(Phase.SECOND) && context.second().isPresent()) {
      part.ingest(Phase.SECOND, context.second().get(), List.of(), service);
    }
  }

  private void read(Service service) throws IOException, InterruptedException {
    if (wanted(Phase.RESTORE)) {
      part.restore(Phase.RESTORE, part.list(Phase.INGEST), Optional.of(service));
    }
    if (wanted(Phase.RANGES)) {
      RangeReads reads = RangeReads.of(part.context().first(), part.list(Phase.INGEST));
      reads.warmUp(service.url());
      Used used = part.context().meter().measure(() -> reads.run(service.url()), service);
      Figures figures = used.figures(0, reads.bytes());
      reads.tell(figures);
      part.keep(Phase.RANGES, figures);
    }
    if (wanted(Phase.VERIFY)) {
      part.verify(service);
    }
  }

  private boolean wanted(Phase phase) {
    Set<Phase> phases = part.context().phases();
    return phases.contains(phase);
  }
}
