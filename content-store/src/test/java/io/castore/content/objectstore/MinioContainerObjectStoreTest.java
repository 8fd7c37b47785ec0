package io.castore.content.objectstore;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** With MinIO in a container, where a Docker engine and an image are there. */
@EnabledIfEnvironmentVariable(named = MinioContainer.IMAGE_VARIABLE, matches = ".+")
class MinioContainerObjectStoreTest extends S3StoreContractTest {
  private static Optional<MinioContainer> server = Optional.empty();

  @BeforeAll
  static void startServer() throws Exception {
    Optional<String> image = MinioContainer.image();
    assumeThat(image).as("an engine that runs the image").isPresent();
    server = Optional.of(MinioContainer.start(image.orElseThrow()));
  }

  @AfterAll
  static void stopServer() {
    server.ifPresent(MinioContainer::close);
  }

  @Override
  S3Server server() {
    return server.orElseThrow();
  }
}
