package io.castore.content.objectstore;

import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.credentials.AwsConfigProvider;
import io.minio.credentials.AwsEnvironmentProvider;
import io.minio.credentials.ChainedProvider;
import io.minio.credentials.MinioEnvironmentProvider;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The MinIO client on an HTTP client made for many small objects: no delay of small segments, as
 * many requests at a time as there are callers (the default is five), no retries of its own.
 *
 * <p>Safe for use by many threads.
 */
final class S3Connection implements AutoCloseable {
  /** More than this process has threads that call; each waits for one request. */
  private static final int MOST_REQUESTS = 4096;

  private static final int IDLE_CONNECTIONS = 64;

  private final OkHttpClient http;
  private final MinioAsyncClient client;
  private final boolean anonymous;

  private S3Connection(OkHttpClient http, MinioAsyncClient client, boolean anonymous) {
    this.http = http;
    this.client = client;
    this.anonymous = anonymous;
  }

  static S3Connection open(S3Settings settings) {
    OkHttpClient http = httpClient(settings);
    Provider credentials = credentials(settings);
    MinioAsyncClient.Builder builder =
        MinioAsyncClient.builder()
            .endpoint(settings.endpoint().toString())
            .region(settings.region())
            .httpClient(http);
    if (credentials != null) {
      builder.credentialsProvider(credentials);
    }
    MinioAsyncClient client = builder.build();
    switch (settings.addressing()) {
      case PATH -> client.disableVirtualStyleEndpoint();
      case HOST -> client.enableVirtualStyleEndpoint();
      case AUTOMATIC -> {
        // What the client does by itself.
      }
    }
    return new S3Connection(http, client, credentials == null);
  }

  private static OkHttpClient httpClient(S3Settings settings) {
    boolean overTls = "https".equals(settings.endpoint().getScheme());
    AtomicInteger threads = new AtomicInteger();
    Dispatcher dispatcher =
        new Dispatcher(
            Executors.newCachedThreadPool(
                task -> {
                  Thread thread = new Thread(task, "s3-" + threads.incrementAndGet());
                  thread.setDaemon(true);
                  return thread;
                }));
    dispatcher.setMaxRequests(MOST_REQUESTS);
    dispatcher.setMaxRequestsPerHost(MOST_REQUESTS);
    OkHttpClient http =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
            .socketFactory(new NoDelaySockets())
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.readTimeout())
            .writeTimeout(settings.writeTimeout())
            .eventListener(new AttemptTimeout(settings.attemptTimeout()))
            .addInterceptor(new OverloadInterceptor())
            // Without TLS there is no need to read the machine's certificates, which takes a while.
            .connectionSpecs(
                List.of(overTls ? ConnectionSpec.MODERN_TLS : ConnectionSpec.CLEARTEXT))
            .build();
    try {
      return overTls ? Http.enableExternalCertificatesFromEnv(http) : http;
    } catch (MinioException unreadable) {
      throw new IllegalArgumentException(
          "certificates of SSL_CERT_FILE and SSL_CERT_DIR: cannot be read (expected: PEM files): "
              + unreadable.getMessage(),
          unreadable);
    }
  }

  private static @Nullable Provider credentials(S3Settings settings) {
    String accessKey = settings.accessKey();
    String secretKey = settings.secretKey();
    if (accessKey != null && secretKey != null) {
      return new StaticProvider(accessKey, secretKey, null);
    }
    Provider environment =
        new ChainedProvider(
            new AwsEnvironmentProvider(),
            new MinioEnvironmentProvider(),
            new AwsConfigProvider(null, null));
    try {
      environment.fetch();
      return environment;
    } catch (ProviderException none) {
      return null;
    }
  }

  MinioAsyncClient client() {
    return client;
  }

  /** Tells whether requests go out without a signature. */
  boolean isAnonymous() {
    return anonymous;
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  /** An answer that asks to come again: 408, 429 and all of 5xx but 501. */
  static final class OverloadedException extends IOException {
    private static final long serialVersionUID = 1L;

    OverloadedException(String message) {
      super(message);
    }
  }

  /**
   * Turns answers that ask to come again into exceptions of one kind, whatever body they have: the
   * MinIO client knows their status only where the body is S3's XML.
   */
  private static final class OverloadInterceptor implements Interceptor {
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");
    private static final long LONGEST_BODY = 8192;

    @Override
    public Response intercept(Chain chain) throws IOException {
      Response response = chain.proceed(chain.request());
      int status = response.code();
      if ((status < 500 && status != 408 && status != 429) || status == 501) {
        return response;
      }
      try (response) {
        Matcher code = CODE.matcher(response.peekBody(LONGEST_BODY).string());
        throw new OverloadedException(
            "answer " + status + (code.find() ? " " + code.group(1) : ""));
      }
    }
  }

  /** Bounds a request as a whole, unless it reads an object, which can be of any size. */
  private static final class AttemptTimeout extends EventListener {
    private final Duration timeout;

    AttemptTimeout(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public void callStart(Call call) {
      Request request = call.request();
      boolean readsObject =
          request.method().equals("GET") && request.url().queryParameter("list-type") == null;
      if (!readsObject) {
        call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /**
   * Makes sockets that send small segments at once. Without it, the end of a request's body waits
   * for the peer's delayed acknowledgement: 40 ms for each small object.
   */
  private static final class NoDelaySockets extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return withoutDelay(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return withoutDelay(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return withoutDelay(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return withoutDelay(new Socket(host, port, local, localPort));
    }

    private static Socket withoutDelay(Socket socket) throws IOException {
      socket.setTcpNoDelay(true);
      return socket;
    }
  }
}
