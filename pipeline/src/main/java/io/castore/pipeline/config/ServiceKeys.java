package io.castore.pipeline.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;

/** The configuration keys of the server, of what it reads, and of who calls it. */
final class ServiceKeys {
  static final String SERVER_HOST = "server.host";
  static final String SERVER_PORT = "server.port";
  static final String SERVER_ADVERTISED_URL = "server.advertised.url";
  static final String SERVER_INSECURE = "server.insecure";
  static final String SERVER_TOKENS_FILE = "server.tokens.file";
  static final String SERVER_TLS_CERT_FILE = "server.tls.cert.file";
  static final String SERVER_TLS_KEY_FILE = "server.tls.key.file";
  static final String SERVER_TLS_CLIENT_CA_FILE = "server.tls.client.ca.file";
  static final String SERVER_MAX_CONNECTIONS = "server.max.connections";
  static final String SERVER_MAX_REQUESTS = "server.max.requests";
  static final String SERVER_MAX_UPLOADS = "server.max.uploads";
  static final String SERVER_MAX_UPLOAD_BYTES = "server.max.upload.bytes";
  static final String SERVER_MAX_HEADER_BYTES = "server.max.header.bytes";
  static final String SERVER_REQUEST_TIMEOUT_MS = "server.request.timeout.ms";
  static final String SERVER_STALL_TIMEOUT_MS = "server.stall.timeout.ms";
  static final String QUERY_CHUNK_CACHE_BYTES = "query.chunk.cache.bytes";
  static final String QUERY_LIST_CACHE_BYTES = "query.list.cache.bytes";
  static final String QUERY_READ_MEMORY_BYTES = "query.read.memory.bytes";
  static final String QUERY_READ_AHEAD_CHUNKS = "query.read.ahead.chunks";
  static final String QUERY_READ_THREADS = "query.read.threads";
  static final String CLIENT_TOKEN = "client.token";
  static final String CLIENT_INSECURE = "client.insecure";
  static final String CLIENT_TLS_CA_FILE = "client.tls.ca.file";
  static final String CLIENT_TLS_CERT_FILE = "client.tls.cert.file";
  static final String CLIENT_TLS_KEY_FILE = "client.tls.key.file";

  private ServiceKeys() {}

  /** Adds them to others, after these. */
  static ConfigDef addTo(ConfigDef others) {
    return others
        .define(
            SERVER_HOST,
            ConfigDef.Type.STRING,
            "127.0.0.1",
            new NonEmptyString(),
            Importance.HIGH,
            "Address that `castore serve` listens at for HTTP and gRPC; `0.0.0.0` for all of the machine's."
                + " On any but the machine's own (loopback) it needs `server.tokens.file` or"
                + " `server.tls.client.ca.file`, or `server.insecure`.")
        .define(
            SERVER_PORT,
            ConfigDef.Type.INT,
            8080,
            between(0, 65_535),
            Importance.HIGH,
            "Port that it listens at. 0: any that is free.")
        .define(
            SERVER_ADVERTISED_URL,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Where other processes reach this one, such as `http://10.0.0.7:8080`. Empty: made from the"
                + " address and port that it listens at, with the machine's name where it listens at all addresses.")
        .define(
            SERVER_INSECURE,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether everybody who reaches an address that is not loopback may read and write everything.")
        .define(
            SERVER_TOKENS_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "File of those who may call, with the hashes of their bearer tokens (see"
                + " `docs/query-service.md`). Read again when it changes. Empty: no tokens are asked for.")
        .define(
            SERVER_TLS_CERT_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Certificate chain, PEM. With `server.tls.key.file` the service speaks TLS alone.")
        .define(
            SERVER_TLS_KEY_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Its private key, PEM, PKCS#8.")
        .define(
            SERVER_TLS_CLIENT_CA_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Certificates, PEM, one of which must have signed the certificate of whoever calls. Empty: none"
                + " is asked for.")
        .define(
            SERVER_MAX_CONNECTIONS,
            ConfigDef.Type.INT,
            2048,
            between(1, 1_000_000),
            Importance.LOW,
            "Connections at a time. More are closed at once.")
        .define(
            SERVER_MAX_REQUESTS,
            ConfigDef.Type.INT,
            1024,
            between(1, 1_000_000),
            Importance.LOW,
            "Requests at a time. More are answered with 503.")
        .define(
            SERVER_MAX_UPLOADS,
            ConfigDef.Type.INT,
            16,
            between(1, 4096),
            Importance.MEDIUM,
            "Uploads over HTTP and gRPC that are read at a time, each with a thread and some MiB of memory. More wait for"
                + " their turn, as long as a request may take, and are answered with 503 then.")
        .define(
            SERVER_MAX_UPLOAD_BYTES,
            ConfigDef.Type.LONG,
            1L << 40,
            atLeast(1),
            Importance.MEDIUM,
            "The longest upload over HTTP and gRPC. A longer one publishes nothing and is answered with 413.")
        .define(
            SERVER_MAX_HEADER_BYTES,
            ConfigDef.Type.INT,
            16 << 10,
            between(1024, 1 << 20),
            Importance.LOW,
            "The longest headers of a request.")
        .define(
            SERVER_REQUEST_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            TimeUnit.SECONDS.toMillis(60),
            between(100, TimeUnit.HOURS.toMillis(1)),
            Importance.LOW,
            "How long a request may take until its answer begins; uploads are not counted.")
        .define(
            SERVER_STALL_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            TimeUnit.SECONDS.toMillis(30),
            between(100, TimeUnit.HOURS.toMillis(1)),
            Importance.LOW,
            "How long a client may go without taking or sending a byte of a body before its request is cut"
                + " off.")
        .define(
            QUERY_CHUNK_CACHE_BYTES,
            ConfigDef.Type.LONG,
            -1L,
            atLeast(-1),
            Importance.MEDIUM,
            "Memory for chunks that were read lately. -1: an eighth of the heap.")
        .define(
            QUERY_LIST_CACHE_BYTES,
            ConfigDef.Type.LONG,
            -1L,
            atLeast(-1),
            Importance.MEDIUM,
            "Memory for chunk lists that were read lately; a blob whose list is longer than all of it is not"
                + " served. -1: a sixteenth of the heap.")
        .define(
            QUERY_READ_MEMORY_BYTES,
            ConfigDef.Type.LONG,
            -1L,
            atLeast(-1),
            Importance.MEDIUM,
            "Memory for chunks on their way to clients, over all requests. Reads wait for their share. -1: a"
                + " quarter of the heap.")
        .define(
            QUERY_READ_AHEAD_CHUNKS,
            ConfigDef.Type.INT,
            4,
            between(0, 64),
            Importance.LOW,
            "Chunks that are read for a client ahead of what it has taken, memory permitting.")
        .define(
            QUERY_READ_THREADS,
            ConfigDef.Type.INT,
            16,
            between(1, 1024),
            Importance.LOW,
            "Reads of the store at a time.")
        .define(
            CLIENT_TOKEN,
            ConfigDef.Type.PASSWORD,
            "",
            Importance.HIGH,
            "Bearer token that is shown to services: with `--server`, and between processes. Better given by"
                + " environment or file than as a flag.")
        .define(
            CLIENT_INSECURE,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether `--server` may send the token over plain HTTP to another machine, where others may read it.")
        .define(
            CLIENT_TLS_CA_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Certificates, PEM, that services' certificates are checked with. Empty: those of the JDK.")
        .define(
            CLIENT_TLS_CERT_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Certificate chain, PEM, that is shown to services which ask for one.")
        .define(
            CLIENT_TLS_KEY_FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Its private key, PEM, PKCS#8.");
  }
}
