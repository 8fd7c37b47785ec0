package io.castore.query.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.castore.pipeline.config.InvalidConfigException;
import io.castore.query.BlobServer;
import io.castore.query.TestSettings;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir private static Path directory;

  private static X509Bundle authority;
  private static X509Bundle service;
  private static X509Bundle caller;
  private static X509Bundle stranger;
  private static Path certificate;
  private static Path key;
  private static Path ca;

  @BeforeAll
  static void certify() throws Exception {
    authority = authority("CN=authority");
    service =
        new CertificateBuilder()
            .subject("CN=service")
            .addSanIpAddress("127.0.0.1")
            .ecp256()
            .buildIssuedBy(authority);
    caller = new CertificateBuilder().subject("CN=caller").ecp256().buildIssuedBy(authority);
    stranger =
        new CertificateBuilder()
            .subject("CN=stranger")
            .ecp256()
            .buildIssuedBy(authority("CN=another"));
    certificate = write("cert.pem", service.getCertificatePathPEM());
    key = write("key.pem", service.getPrivateKeyPEM());
    ca = write("ca.pem", authority.getCertificatePathPEM());
  }

  private static X509Bundle authority(String name) throws Exception {
    return new CertificateBuilder()
        .subject(name)
        .setIsCertificateAuthority(true)
        .ecp256()
        .buildSelfSigned();
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void shouldSpeakTlsWithItsCertificate() throws Exception {
    try (BlobServer server =
        BlobServer.start(TestSettings.tls(certificate, key, Optional.empty()))) {
      HttpResponse<String> answer = get(server, new KeyManager[0]);

      assertThat(server.at("/").getScheme()).isEqualTo("https");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void shouldTakeNobodyWithoutACertificateThatItsAuthoritySigned() throws Exception {
    try (BlobServer server =
        BlobServer.start(TestSettings.tls(certificate, key, Optional.of(ca)))) {
      assertThat(get(server, caller.toKeyManagerFactory().getKeyManagers()).statusCode())
          .isEqualTo(200);
      assertThatThrownBy(() -> get(server, new KeyManager[0])).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> get(server, stranger.toKeyManagerFactory().getKeyManagers()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldNameFilesThatHoldNoCertificates() throws Exception {
    Path text = write("text", "hello");

    assertThatThrownBy(() -> BlobServer.start(TestSettings.tls(text, key, Optional.empty())))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("server.tls.cert.file");
    assertThatThrownBy(
            () -> BlobServer.start(TestSettings.tls(certificate, text, Optional.empty())))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("server.tls.key.file");
    assertThatThrownBy(
            () -> BlobServer.start(TestSettings.tls(certificate, key, Optional.of(text))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("server.tls.client.ca.file");
  }

  private static HttpResponse<String> get(BlobServer server, KeyManager[] keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), new SecureRandom());
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(HttpRequest.newBuilder(server.at("/health/live")).build(), BodyHandlers.ofString());
  }
}
