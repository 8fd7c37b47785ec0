package io.castore.cli.command;

import io.castore.cli.system.CastoreSystem;
import io.castore.content.layout.StoreIdentity;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.gc.kafka.CollectionLog;
import io.castore.pipeline.cluster.StateOwners;
import io.castore.pipeline.cluster.StoreMismatchException;
import io.castore.pipeline.config.CastoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/** What the commands work with that decide what the store keeps. */
final class GcSession implements AutoCloseable {
  private final CastoreSystem system;
  private final ObjectStore store;
  private final Admin admin;
  private final CollectionLog log;

  private GcSession(CastoreSystem system, ObjectStore store, Admin admin, CollectionLog log) {
    this.system = system;
    this.store = store;
    this.admin = admin;
    this.log = log;
  }

  /** Opens the store and Kafka, and runs the services here where nobody else does. */
  static GcSession working(CastoreConfig config, String command) throws Exception {
    return of(CastoreSystem.openWorking(config, command, false));
  }

  /** Opens the store and Kafka alone. */
  static GcSession quiet(CastoreConfig config, String command) throws Exception {
    return of(CastoreSystem.openQuiet(config, command));
  }

  private static GcSession of(CastoreSystem system) throws Exception {
    try {
      CastoreConfig config = system.config();
      ObjectStore store = ObjectStores.open(config.storeUrl(), config.s3());
      try {
        store.probe();
        String storeId = requireOwned(config, store);
        Admin admin = system.admin();
        try {
          return new GcSession(system, store, admin, CollectionLog.open(config, storeId, admin));
        } catch (RuntimeException unusable) {
          admin.close();
          throw unusable;
        }
      } catch (IOException | StoreMismatchException | RuntimeException unusable) {
        store.close();
        throw unusable;
      }
    } catch (Exception unusable) {
      system.close();
      throw unusable;
    }
  }

  /** To collect in one store by what the topics tell of another would empty it. */
  private static String requireOwned(CastoreConfig config, ObjectStore store)
      throws IOException, StoreMismatchException {
    Optional<String> identity = StoreIdentity.find(store).map(StoreIdentity::id);
    Optional<String> owner = new StateOwners(config).owner();
    if (identity.isEmpty() || !owner.equals(identity)) {
      throw new StoreMismatchException(
          "the topics under topics.prefix=%s tell of the store with identity %s, and %s has the identity %s (expected: the same; name the right store with --store)"
              .formatted(
                  config.topics().prefix(),
                  owner.orElse("none"),
                  store.url(),
                  identity.orElse("none")));
    }
    return identity.get();
  }

  CastoreConfig config() {
    return system.config();
  }

  ObjectStore store() {
    return store;
  }

  CollectionLog log() {
    return log;
  }

  /** Directory for what is gone with the process. */
  Path scratch() {
    return config().stateDir().resolve("scratch");
  }

  @Override
  public void close() {
    log.close();
    admin.close();
    store.close();
    system.close();
  }
}
