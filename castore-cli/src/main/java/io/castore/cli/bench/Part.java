package io.castore.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One data directory with its store, what is done on it, and what that gave.
 *
 * <p>Not thread-safe.
 */
final class Part implements AutoCloseable {
  private final BenchContext context;
  private final Installation system;
  private final BenchStore store;
  private final Function<String, ThreadRole> clientRoles;
  private final Map<Phase, Figures> figures = new EnumMap<>(Phase.class);
  private StoreSize warmUpSize = new StoreSize(0, 0);
  private Set<String> warmUpKeys = Set.of();
  private long warmUpBytes;

  private Part(
      BenchContext context,
      Installation system,
      BenchStore store,
      Function<String, ThreadRole> clientRoles) {
    this.context = context;
    this.system = system;
    this.store = store;
    this.clientRoles = clientRoles;
  }

  /**
   * Begins with an empty system.
   *
   * @param name of its directory, and of its place in a store that was named
   * @param clientRoles tells what the threads of its commands are for
   */
  static Part open(BenchContext context, String name, Function<String, ThreadRole> clientRoles)
      throws IOException {
    Path directory = context.scratch().make(name);
    String place = context.scratch().path().getFileName() + "-" + name;
    BenchStore store = BenchStore.open(context.config(), directory.resolve("data"), place);
    return new Part(
        context,
        new Installation(context.commands(), context.children(), directory, store.url()),
        store,
        clientRoles);
  }

  BenchContext context() {
    return context;
  }

  Installation system() {
    return system;
  }

  /** What the phases gave so far. */
  Map<Phase, Figures> figures() {
    return figures;
  }

  /** Has the running service ingest what does not count. */
  void warmUp(Service service) throws IOException, InterruptedException {
    Set<String> before = store.keys();
    Figures of = warmUpOf(service).run();
    warmUpKeys = store.keys();
    warmUpKeys.removeAll(before);
    warmUpSize = store.size();
    warmUpBytes = service.scrape().newBytes();
    keep(Phase.WARM_UP, of);
  }

  private WarmUp warmUpOf(Service service) {
    boolean withReads = context.phases().contains(Phase.RANGES);
    return new WarmUp(system, service, context.first(), withReads, context.progress());
  }

  /** Keeps what a phase gave, and tells of it. */
  void keep(Phase phase, Figures of) {
    figures.put(phase, of);
    context
        .progress()
        .accept("%s: %s s".formatted(phase.text(), BenchTable.number(of.get("wall_seconds"))));
  }

  /** The list of what an ingest stored. */
  Path list(Phase phase) {
    return system.directory().resolve(phase + ".list");
  }

  /** Ingests a corpus. */
  void ingest(Phase phase, Corpus corpus, List<String> options, Optional<Service> service)
      throws IOException, InterruptedException {
    StoreSize before = store.size();
    Scrape scrape = scrape(service);
    List<String> arguments = new ArrayList<>(List.of("ingest", "--quiet"));
    arguments.addAll(options);
    arguments.add(corpus.root().getFileName().toString());
    Used used =
        context
            .meter()
            .measure(
                new Meter.Command(
                    "castore ingest",
                    system.line(arguments.toArray(String[]::new)),
                    corpus.directory(),
                    list(phase),
                    clientRoles),
                service);
    Scrape now = scrape(service);
    StoreSize after = store.size();
    Figures of = used.figures(corpus.files().size(), corpus.bytes());
    of.put("stored_bytes", after.bytes() - warmUpSize.bytes());
    of.put("stored_objects", after.objects() - warmUpSize.objects());
    of.put("added_bytes", after.bytes() - before.bytes());
    of.put("added_objects", after.objects() - before.objects());
    of.put("added_share", (double) (after.bytes() - before.bytes()) / corpus.bytes());
    putRequests(of, scrape, now);
    long added = store.isFiles() ? after.objects() - before.objects() : 0;
    long fresh = service.isPresent() ? now.newBytes() - scrape.newBytes() : corpus.bytes();
    of.put("new_bytes", fresh);
    BenchContext.putFloor(
        of,
        switch (phase) {
          case UNCHANGED -> context.floors().unchangedSeconds(corpus.files().size());
          case AGAIN -> context.floors().checkSeconds(corpus.bytes(), corpus.files().size());
          default -> context.floors().ingestSeconds(corpus.bytes(), fresh, added);
        });
    keep(phase, of);
  }

  /** Restores the first version, and compares it. */
  void restore(Phase phase, Path list, Optional<Service> service)
      throws IOException, InterruptedException {
    Corpus corpus = context.first();
    Path target = system.directory().resolve("restored");
    Used used =
        measure(
            "castore restore",
            phase,
            system.line("restore", "--quiet", list.toString(), target.toString()),
            service);
    context.compareFirst(target);
    Figures of = used.figures(corpus.files().size(), corpus.bytes());
    BenchContext.putFloor(
        of, context.floors().restoreSeconds(corpus.bytes(), corpus.files().size()));
    keep(phase, of);
  }

  /** Reads every object of the store, but for those of the warm-up, which are deleted now. */
  void verify(Service service) throws IOException, InterruptedException {
    warmUpOf(service).drop();
    store.delete(warmUpKeys);
    long rawBytes = service.scrape().newBytes() - warmUpBytes;
    StoreSize size = store.size();
    Used used =
        measure(
            "castore audit verify",
            Phase.VERIFY,
            system.line("audit", "verify", "--quiet"),
            Optional.of(service));
    Figures of = used.figures(size.objects(), size.bytes());
    of.put("new_bytes", rawBytes);
    BenchContext.putFloor(of, context.floors().verifySeconds(rawBytes));
    keep(Phase.VERIFY, of);
  }

  private Used measure(String name, Phase phase, List<String> line, Optional<Service> service)
      throws IOException, InterruptedException {
    Path out = system.directory().resolve(phase.toString().toLowerCase(Locale.ROOT) + ".out");
    return context
        .meter()
        .measure(new Meter.Command(name, line, system.directory(), out, clientRoles), service);
  }

  private static Scrape scrape(Optional<Service> service) throws IOException, InterruptedException {
    return service.isPresent() ? service.get().scrape() : Scrape.NONE;
  }

  private static void putRequests(Figures figures, Scrape before, Scrape after) {
    after
        .requests()
        .forEach(
            (operation, count) ->
                figures.put(
                    operation.text() + "_requests",
                    count - before.requests().getOrDefault(operation, 0L)));
  }

  @Override
  public void close() throws IOException {
    if (!context.scratch().keep()) {
      store.empty();
      Scratch.delete(system.directory());
    }
    store.close();
  }
}
