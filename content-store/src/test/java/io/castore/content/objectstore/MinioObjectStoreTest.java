package io.castore.content.objectstore;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** With a real MinIO server. */
@EnabledIfEnvironmentVariable(named = S3Server.MINIO_VARIABLE, matches = ".+")
class MinioObjectStoreTest extends S3StoreContractTest {
  private static MinioServer server;

  @BeforeAll
  static void startServer() {
    server = MinioServer.start(MinioServer.program().orElseThrow());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  S3Server server() {
    return server;
  }
}
