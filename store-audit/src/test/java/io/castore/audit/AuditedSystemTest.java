package io.castore.audit;

import io.castore.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share a broker, and of which each has topics and a store of its own. */
public abstract class AuditedSystemTest {
  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  private AuditedSystem system;

  @SuppressWarnings("NullAway.Init") // opened before each test
  protected AuditedSystemTest() {}

  @BeforeAll
  static void startBroker() throws Exception {
    broker = AuditedSystem.startBroker(directory);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void openSystem() throws Exception {
    system = AuditedSystem.open(broker, directory);
  }

  @AfterEach
  void closeSystem() {
    system.close();
  }

  /** A directory for scratch data, and for what a run keeps. */
  protected static Path directory() {
    return directory;
  }

  /** The system of this test. */
  protected AuditedSystem system() {
    return system;
  }
}
