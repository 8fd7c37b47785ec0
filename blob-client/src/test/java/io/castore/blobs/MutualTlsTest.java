package io.castore.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.castore.content.digest.Blake3;
import io.castore.pipeline.tls.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends show a certificate, and both want to know who signed the other's. */
final class MutualTlsTest {
  private static final char[] PASSWORD = "for-tests".toCharArray();
  private static final Base64.Encoder MIME = Base64.getMimeEncoder();

  @TempDir private Path directory;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    makeFiles("RSA");
    SSLContext context =
        new TlsFiles(file("cert.pem"), file("cert.pem"), file("key.pem")).context();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldTalkWhenBothKnowEachOther() throws Exception {
    try (RemoteBlobs blobs =
        RemoteBlobs.at(url())
            .trust(file("cert.pem"))
            .certificate(file("cert.pem"), file("key.pem"))
            .connect()) {
      assertThat(blobs.has(Blake3.hash(new byte[1]))).isFalse();
    }
  }

  @Test
  void shouldNotTalkWhenServiceIsNotKnown() throws Exception {
    try (RemoteBlobs blobs = RemoteBlobs.at(url()).attempts(1).connect()) {
      assertThatThrownBy(() -> blobs.has(Blake3.hash(new byte[1])))
          .isInstanceOf(ServiceUnavailableException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void shouldTakeKeysOfEachKind(String algorithm) throws Exception {
    makeFiles(algorithm);
    assertThat(new TlsFiles(null, file("cert.pem"), file("key.pem")).context()).isNotNull();
  }

  @Test
  void shouldNameFileThatHasNoKey() {
    assertThatThrownBy(() -> new TlsFiles(null, file("cert.pem"), file("cert.pem")).context())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no private key in " + file("cert.pem"));
  }

  @Test
  void shouldNameFileThatHasNoCertificate() throws IOException {
    Files.writeString(file("empty.pem"), "");
    assertThatThrownBy(() -> new TlsFiles(file("empty.pem"), null, null).context())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file("empty.pem").toString());
  }

  private URI url() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /** Makes a certificate that is signed with its own key, with the JDK's tool. */
  private void makeFiles(String algorithm) throws Exception {
    Path store = file(algorithm + ".p12");
    if (!Files.exists(store)) {
      Process keytool =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                      "-genkeypair",
                      "-alias",
                      "one",
                      "-keyalg",
                      algorithm,
                      "-dname",
                      "CN=127.0.0.1",
                      "-ext",
                      "san=ip:127.0.0.1",
                      "-storetype",
                      "PKCS12",
                      "-keystore",
                      store.toString(),
                      "-storepass",
                      new String(PASSWORD)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write("cert.pem", "CERTIFICATE", keys.getCertificate("one").getEncoded());
    write("key.pem", "PRIVATE KEY", keys.getKey("one", PASSWORD).getEncoded());
  }

  private void write(String name, String kind, byte[] encoded) throws IOException {
    Files.writeString(
        file(name),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(kind, MIME.encodeToString(encoded), kind));
  }
}
