package io.castore.benchmarks.query;

import io.castore.benchmarks.ScratchDirectory;
import io.castore.benchmarks.data.DataKind;
import io.castore.benchmarks.data.DataSet;
import io.castore.content.layout.ChunkList;
import io.castore.content.objectstore.ObjectStore;
import io.castore.content.objectstore.ObjectStores;
import io.castore.content.objectstore.S3Settings;
import io.castore.content.objectstore.StoreUrl;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command {@code benchmarks/run-query}: what a client gets of the query service, beside the
 * floor: a loop that does the same GETs, decompresses and hashes, without any server. Store,
 * service, client and floor are in one process and share its cores.
 */
@Command(
    name = "benchmarks/run-query",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = "Measures the query service and writes a table, in Markdown.")
public final class QueryRun implements Callable<Integer> {
  private static final int MEGABYTE = 1 << 20;

  @Option(
      names = "--megabytes",
      description = "Length of the blob, in MiB. Default: ${DEFAULT-VALUE}.")
  private int megabytes = 1024;

  @Option(
      names = "--data",
      description = "Of what: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private DataKind data = DataKind.BINARY;

  @Option(names = "--rounds", description = "How often. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--requests",
      description = "Ranges, and Stats, of each round. Default: ${DEFAULT-VALUE}.")
  private int requests = 5000;

  @Option(
      names = "--store",
      description =
          "The store: file:///path, or s3://bucket/prefix at --s3-endpoint, with keys from the environment. Default: a"
              + " directory for the time of the run.")
  private String storeUrl = "";

  @Option(names = "--s3-endpoint", description = "URL of the S3 service.")
  private String endpoint = "";

  @Option(names = "--scratch", description = "Directory for the data. Default: a temporary one.")
  private Path scratchParent = Path.of(System.getProperty("java.io.tmpdir"));

  private final PrintStream out = System.out;

  private QueryRun() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new QueryRun())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (ScratchDirectory scratch = ScratchDirectory.in(scratchParent, "castore-query-");
        ObjectStore store = openStore(scratch.path())) {
      Path file = scratch.path().resolve("content");
      String origin =
          DataSet.write(
              file,
              data,
              megabytes * MEGABYTE,
              List.of(Path.of(System.getProperty("java.home"))),
              Path.of(System.getProperty("castore.benchmarks.project", ".")));
      ChunkList blob = StoredBlob.write(store, file);
      out.printf(
          Locale.ROOT,
          "%d MiB of %s data (%s) in %d chunks, store %s, %d cores, Java %s, heap %d MiB%n%n",
          megabytes,
          data,
          origin,
          blob.count(),
          store.url().startsWith("s3:") ? "s3" : "file",
          Runtime.getRuntime().availableProcessors(),
          Runtime.version().feature(),
          Runtime.getRuntime().maxMemory() / MEGABYTE);
      new Comparison(store, blob, rounds, requests).print(out);
    }
    return CommandLine.ExitCode.OK;
  }

  private ObjectStore openStore(Path scratch) {
    StoreUrl url =
        storeUrl.isEmpty()
            ? new StoreUrl.Directory(scratch.resolve("store").toAbsolutePath())
            : StoreUrl.parse(storeUrl);
    S3Settings s3 =
        endpoint.isEmpty()
            ? S3Settings.DEFAULTS
            : S3Settings.DEFAULTS.withEndpoint(URI.create(endpoint));
    return ObjectStores.open(url, s3);
  }
}
