package io.castore.blobs;

import io.castore.content.blob.BlobReader;
import io.castore.content.digest.Digest;
import io.castore.content.layout.ChunkList;
import io.castore.pipeline.config.ClientSettings;
import io.castore.pipeline.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Blobs of a query service, over HTTP/1.1: each channel and each writer has a connection while it
 * reads or writes on end, so that none waits for another that rests.
 *
 * <p>Nothing is believed that can be checked: every chunk's digest is checked before a byte of it
 * is given, and a blob's own digest before its last chunk is given to who read it from its start to
 * its end. Reads are tried again where the service cannot be reached or says that it is busy, and a
 * connection that is cut is gone on with where it was cut. Writes are not.
 *
 * <p>Beside what {@link Blobs} tells, methods throw {@link ServiceUnavailableException} where
 * asking again later can help, {@link ServiceErrorException} where it cannot, and {@link
 * UntrueAnswerException} where an answer cannot be true.
 *
 * <p>Safe for use by many threads. A channel holds a chunk and some network buffers.
 */
public final class RemoteBlobs implements Blobs {
  private final ServiceCalls calls;
  private final Duration stallTimeout;
  private final ExecutorService threads;
  private final OpenSinks sinks = new OpenSinks();

  private RemoteBlobs(Builder builder, HttpClient http, ExecutorService threads) {
    calls =
        new ServiceCalls(
            http, builder.address, builder.token, builder.answerTimeout, builder.attempts);
    stallTimeout = builder.stallTimeout;
    this.threads = threads;
  }

  /**
   * Names a service, whose paths are below the URL's: {@code https://castore.example/blobs-of-mine}
   * for one behind a reverse proxy.
   *
   * @throws IllegalArgumentException unless the URL is {@code http} or {@code https} with a host,
   *     and perhaps a port and a path; the message can be shown to the person who gave it
   */
  public static Builder at(URI url) {
    return new Builder(ServiceAddress.of(url));
  }

  /** What a client is made with. Not thread-safe. */
  public static final class Builder {
    private final ServiceAddress address;
    private @Nullable String token;
    private boolean tokenInClear;
    private TlsFiles tls = new TlsFiles(null, null, null);
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration answerTimeout = Duration.ofSeconds(60);
    private Duration stallTimeout = Duration.ofMinutes(10);
    private int attempts = 5;

    private Builder(ServiceAddress address) {
      this.address = address;
    }

    /** Shows a bearer token with each request. */
    public Builder token(String secret) {
      token = secret;
      return this;
    }

    /** Allows the token to go over plain HTTP to another machine, where others may read along. */
    public Builder allowTokenInClear() {
      tokenInClear = true;
      return this;
    }

    /** Trusts services whose certificates were signed by one of a PEM file's, and no others. */
    public Builder trust(Path caFile) {
      tls = new TlsFiles(caFile, tls.chain(), tls.key());
      return this;
    }

    /** Shows a certificate: its chain, and its private key in PKCS#8 without a password, in PEM. */
    public Builder certificate(Path chainFile, Path keyFile) {
      tls = new TlsFiles(tls.ca(), chainFile, keyFile);
      return this;
    }

    /** Takes the token and the TLS files from a configuration. */
    public Builder settings(ClientSettings settings) {
      token = settings.token().orElse(null);
      tls =
          new TlsFiles(
              settings.caFile().orElse(null),
              settings.certFile().orElse(null),
              settings.keyFile().orElse(null));
      return this;
    }

    /** Limits how long a connection may take to be made. Default: 10 seconds. */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    /** Limits how long an answer may take to begin, and each part to come. Default: a minute. */
    public Builder answerTimeout(Duration timeout) {
      answerTimeout = timeout;
      return this;
    }

    /**
     * Limits how long a service may take nothing of an upload, and how long it may take to store
     * the end of it. Default: ten minutes.
     */
    public Builder stallTimeout(Duration timeout) {
      stallTimeout = timeout;
      return this;
    }

    /** Sets how often a read is tried, at least once. Default: 5 times. */
    public Builder attempts(int times) {
      attempts = times;
      return this;
    }

    /**
     * Makes the client. Nothing is asked of the service yet.
     *
     * @throws IOException if a file cannot be used
     * @throws IllegalStateException if a token would go over plain HTTP to another machine; the
     *     message can be shown to a person
     */
    public RemoteBlobs connect() throws IOException {
      if (token != null && !tokenInClear && !address.isPrivate()) {
        throw new IllegalStateException(
            "the token (client.token) would go to %s over plain HTTP, where others may read it (expected: an https URL, or client.insecure=true)"
                .formatted(address));
      }
      ExecutorService threads =
          Executors.newCachedThreadPool(
              task -> {
                Thread thread = new Thread(task, "blob-client");
                thread.setDaemon(true);
                return thread;
              });
      HttpClient http =
          HttpClient.newBuilder()
              // The streams of an HTTP/2 connection share a window: one that rests can stop others.
              .version(HttpClient.Version.HTTP_1_1)
              // Elsewhere the token would be shown to somebody else.
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(connectTimeout)
              .sslContext(tls.context())
              .executor(threads)
              .build();
      return new RemoteBlobs(this, http, threads);
    }
  }

  @Override
  public boolean has(Digest digest) throws IOException {
    return calls.retrying(() -> calls.head("blobs/" + digest));
  }

  @Override
  public Optional<SeekableByteChannel> openRead(Digest digest) throws IOException {
    return chunks(digest).map(blob -> new BlobChannel(blob, new RemoteChunks(calls, blob)));
  }

  @Override
  public BlobWriter openWrite() throws IOException {
    return upload(Optional.empty(), null);
  }

  /**
   * Begins to write a blob.
   *
   * @param expected the digest that its content has to have: the service publishes no other, and
   *     the end throws a {@link ServiceErrorException} that {@link
   *     ServiceErrorException#isAboutContent is about the content}
   * @param source names the content among all uploads, as an absolute URI; null for a name of the
   *     service's
   */
  public BlobUpload upload(Optional<Digest> expected, @Nullable URI source) {
    return sinks.upload(new HttpSink(calls, threads, expected, source, stallTimeout));
  }

  /**
   * Uploads what the service's store holds already, without sending it.
   *
   * @param source as in {@link #upload}
   * @return empty where the store has neither a blob nor a chunk of that digest
   * @throws ServiceErrorException if what it has cannot be read, or the service cannot do this
   */
  public Optional<StoredBlob> uploadStored(Digest digest, @Nullable URI source) throws IOException {
    Optional<ServiceCalls.Answer> answer =
        calls.post("blobs/" + digest + "/uploads", source, stallTimeout);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try (ServiceCalls.Answer stored = answer.get()) {
      return Optional.of(StoredBlobAnswer.read(stored, calls.toString()));
    }
  }

  @Override
  public Optional<ChunkList> chunks(Digest digest) throws IOException {
    return calls.retrying(() -> readChunks(digest));
  }

  private Optional<ChunkList> readChunks(Digest digest) throws IOException {
    Optional<ServiceCalls.Answer> answer = calls.get("blobs/" + digest + "/chunks", null);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try (ServiceCalls.Answer found = answer.get()) {
      return Optional.of(ChunkListing.parse(digest, found.body(), BlobReader.DEFAULT_MAX_CHUNKS));
    }
  }

  /** Aborts writers. Connections and threads that nobody uses any more end by themselves. */
  @Override
  public void close() {
    sinks.close();
  }
}
