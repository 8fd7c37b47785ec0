package io.castore.endtoend.faults;

import io.castore.endtoend.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bucket of an S3 server in a process of its own, behind a proxy. */
final class S3TestStore implements TestStore {
  private static final String HEAP = "384m";

  private final Path directory;
  private final PutFaults faults;
  private final PortFile port;
  private final Supervised server;
  private final TcpProxy proxy;

  private S3TestStore(
      Path directory, PutFaults faults, PortFile port, Supervised server, TcpProxy proxy) {
    this.directory = directory;
    this.faults = faults;
    this.port = port;
    this.server = server;
    this.proxy = proxy;
  }

  /** Starts the server, without waiting until it answers. */
  static S3TestStore start(Path round, Supervisor supervisor, PutFaults faults) throws IOException {
    Path directory = Files.createDirectories(round.resolve("s3"));
    PortFile port = new PortFile(round.resolve("s3.port"));
    TcpProxy proxy = TcpProxy.open(port::read);
    Supervised server =
        new Supervised(
            "s3",
            () ->
                JavaCommand.of(
                    S3Main.class.getName(),
                    HEAP,
                    Map.of(),
                    List.of(directory.toString(), port.path().toString(), faults.format())),
            round);
    return new S3TestStore(directory, faults, port, supervisor.start(server), proxy);
  }

  /** Tells whether the server has come up once. */
  boolean isReady() {
    return port.read() != 0;
  }

  Supervised server() {
    return server;
  }

  TcpProxy proxy() {
    return proxy;
  }

  /** Counts the PUTs that were answered with 503. */
  long refusedPuts() throws IOException {
    return Files.exists(faults.tally()) ? Files.size(faults.tally()) : 0;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "store.url",
        "s3://" + S3Main.BUCKET,
        "store.s3.endpoint",
        "http://127.0.0.1:" + proxy.port(),
        "store.s3.access.key",
        S3Main.ACCESS_KEY,
        "store.s3.secret.key",
        S3Main.SECRET_KEY);
  }

  @Override
  public Path objects() {
    return directory.resolve(S3Main.BUCKET);
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
