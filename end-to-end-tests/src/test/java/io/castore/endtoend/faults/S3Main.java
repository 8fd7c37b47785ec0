package io.castore.endtoend.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 server in a process of its own, which lives until its standard input ends and keeps its
 * objects in a directory.
 */
final class S3Main {
  static final String BUCKET = "faults";
  static final String ACCESS_KEY = "faults-access";
  static final String SECRET_KEY = "faults-secret";

  private static final Pattern UNFINISHED = Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-.*");

  private S3Main() {}

  /**
   * Takes the directory, the file for the port, and the {@link PutFaults}.
   *
   * @throws Exception if it does not start
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    removeUnfinished(directory);
    BlobStore objects = new FilesystemNio2BlobStore(directory.toString());
    if (!Files.exists(directory.resolve(BUCKET))) {
      objects.createContainer(BUCKET);
    }
    BlobStore faulty = new FaultyBlobStore(objects, PutFaults.parse(arguments[2]));
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(faulty)
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .build();
    server.setBlobStoreLocator(
        (identity, container, key) ->
            ACCESS_KEY.equals(identity) ? new AccessGrant(SECRET_KEY, faulty) : null);
    server.start();
    new PortFile(Path.of(arguments[1])).write(server.getPort());
    while (System.in.read() >= 0) {
      // The end is what counts: it also comes when the process of the tests dies.
    }
    Runtime.getRuntime().halt(0);
  }

  /** Does what this server leaves undone after a kill: its unfinished writes look like objects. */
  private static void removeUnfinished(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
          Files.delete(file);
        }
      }
    }
  }
}
