package io.castore.content.objectstore;

import java.net.URI;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.utility.DockerImageName;

/** A MinIO server in a container. Safe for use by many threads. */
public final class MinioContainer implements S3Server {
  /** The variable that names the image, such as {@code minio/minio:RELEASE.…}. */
  public static final String IMAGE_VARIABLE = "CASTORE_TEST_MINIO_IMAGE";

  private final MinIOContainer container;

  private MinioContainer(MinIOContainer container) {
    this.container = container;
  }

  /** Finds the image that {@value #IMAGE_VARIABLE} names, where a Docker engine can run it. */
  public static Optional<String> image() {
    return Optional.ofNullable(System.getenv(IMAGE_VARIABLE))
        .filter(name -> !name.isBlank() && DockerClientFactory.instance().isDockerAvailable());
  }

  /** Starts a server. */
  public static MinioContainer start(String image) throws Exception {
    MinioContainer started =
        new MinioContainer(
            new MinIOContainer(
                    DockerImageName.parse(image).asCompatibleSubstituteFor("minio/minio"))
                .withUserName("container-access")
                .withPassword("container-secret"));
    try {
      started.container.start();
      TestBucket.make(started.settings());
      return started;
    } catch (Exception failure) {
      started.close();
      throw failure;
    }
  }

  @Override
  public URI endpoint() {
    return URI.create(container.getS3URL());
  }

  @Override
  public S3Settings settings() {
    return S3Server.settings(endpoint(), container.getUserName(), container.getPassword());
  }

  @Override
  public void close() {
    container.stop();
  }
}
