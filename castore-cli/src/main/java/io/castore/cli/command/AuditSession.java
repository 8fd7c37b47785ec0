package io.castore.cli.command;

import io.castore.audit.AuditProgress;
import io.castore.audit.log.StoreLog;
import io.castore.cli.system.CastoreSystem;
import io.castore.cli.system.ReadStore;
import io.castore.content.layout.CorruptObjectException;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.cluster.StoreMismatchException;
import io.castore.pipeline.config.CastoreConfig;
import io.castore.pipeline.scratch.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What the commands of an audit work with: the store, the log of the topics, and a place on disk.
 */
final class AuditSession implements AutoCloseable {
  private final CastoreConfig config;
  private final ObjectStore store;
  private final ScratchDirectory scratch;
  private final AuditProgress progress = new AuditProgress();

  /** What has to be closed, the latest first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private AuditSession(
      CastoreConfig config,
      ObjectStore store,
      Optional<CastoreSystem> system,
      GlobalOptions options,
      Output output)
      throws IOException {
    this.config = config;
    this.store = store;
    system.ifPresent(parts::push);
    parts.push(store);
    scratch = ScratchDirectory.open(auditDirectory(config).resolve("scratch"));
    parts.push(scratch);
    if (!options.quiet()) {
      parts.push(AuditTicker.start(progress, output));
    }
  }

  /** Opens the store alone. */
  static AuditSession offline(GlobalOptions options, Output output) throws Exception {
    CastoreConfig config = options.config();
    return new AuditSession(config, ReadStore.locate(config), Optional.empty(), options, output);
  }

  /** Opens the store and Kafka, with nothing running that would write to either. */
  static AuditSession quiet(GlobalOptions options, String command, Output output) throws Exception {
    return of(CastoreSystem.openQuiet(options.config(), command), options, output);
  }

  /** Opens the store and Kafka, and runs the services here where nobody else does. */
  static AuditSession working(GlobalOptions options, String command, Output output)
      throws Exception {
    return of(CastoreSystem.openWorking(options.config(), command, false), options, output);
  }

  private static AuditSession of(CastoreSystem system, GlobalOptions options, Output output)
      throws Exception {
    try {
      CastoreConfig config = system.config();
      ObjectStore store = ObjectStores.open(config.storeUrl(), config.s3());
      return new AuditSession(config, store, Optional.of(system), options, output);
    } catch (IOException | RuntimeException unusable) {
      system.close();
      throw unusable;
    }
  }

  CastoreConfig config() {
    return config;
  }

  ObjectStore store() {
    return store;
  }

  AuditProgress progress() {
    return progress;
  }

  /** Directory for what is gone with the process. */
  Path scratch() {
    return scratch.path();
  }

  /** Directory for what the next process goes on with. */
  Path state() {
    return auditDirectory(config);
  }

  private static Path auditDirectory(CastoreConfig config) {
    return config.stateDir().resolve("audit");
  }

  /** Gives the identity that the store has, if it has one that can be read. */
  Optional<String> identity() throws IOException {
    try {
      return StoreIdentity.find(store).map(StoreIdentity::id);
    } catch (CorruptObjectException damaged) {
      return Optional.empty();
    }
  }

  /**
   * Gives the identity of the store that the topics tell of, and makes sure that it is this one.
   *
   * @return empty where nothing was ever stored by way of the topics
   */
  Optional<String> owner() throws IOException, StoreMismatchException {
    store.probe();
    Optional<String> owner = new StateOwners(config).owner();
    Optional<String> identity = identity();
    if (owner.isPresent() && identity.isPresent() && !owner.equals(identity)) {
      throw new StoreMismatchException(
          "the topics under topics.prefix=%s tell of the store with identity %s, and %s has the identity %s (expected: that store, named with --store; castore audit verify --offline looks at any store by itself)"
              .formatted(
                  config.topics().prefix(), owner.get(), store.url(), identity.orElse("none")));
    }
    return owner;
  }

  /** Reads what the topics say that the store holds. */
  StoreLog readLog(String storeId, Optional<Instant> at) throws IOException {
    return StoreLog.read(config, storeId, at, scratch(), progress);
  }

  @Override
  public void close() throws IOException {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException | RuntimeException failed) {
        throw failed;
      } catch (Exception failed) {
        throw new IOException("an audit cannot be ended", failed);
      }
    }
  }
}
