package io.castore.query.access;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.util.TlsEngineType;
import com.linecorp.armeria.server.ServerBuilder;
import io.castore.pipeline.config.InvalidConfigException;
import io.castore.pipeline.config.ServerSettings;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS as it is configured, and the rule that says where there may be none of it. */
public final class TransportSecurity {
  private TransportSecurity() {}

  /**
   * Refuses an address that others reach, where nothing would keep them from anything.
   *
   * @throws InvalidConfigException if nobody is asked who he is
   */
  public static void requireGuard(ServerSettings settings, InetAddress address)
      throws InvalidConfigException {
    if (!address.isLoopbackAddress()
        && settings.tokensFile().isEmpty()
        && settings.clientCaFile().isEmpty()
        && !settings.insecure()) {
      throw new InvalidConfigException(
          ("server.host: %s is not this machine's own (loopback), and everybody who reaches it could"
                  + " read and write everything (expected: server.tokens.file,"
                  + " server.tls.client.ca.file, or server.insecure=true)")
              .formatted(settings.host()),
          null);
    }
  }

  /**
   * Has a server speak TLS where it has a certificate, and ask its clients for theirs where it is
   * told who signs them.
   *
   * @throws InvalidConfigException if a file cannot be used
   */
  public static void apply(ServerSettings settings, ServerBuilder server)
      throws InvalidConfigException {
    if (settings.certFile().isEmpty() || settings.keyFile().isEmpty()) {
      return;
    }
    Path certificate = readable("server.tls.cert.file", settings.certFile().get());
    Path key = readable("server.tls.key.file", settings.keyFile().get());
    try {
      server
          .tlsEngineType(TlsEngineType.JDK)
          .tls(TlsKeyPair.of(key.toFile(), certificate.toFile()));
    } catch (IllegalArgumentException unusable) {
      throw new InvalidConfigException(
          "server.tls.cert.file, server.tls.key.file: %s, %s: %s (expected: PEM, the key without a password)"
              .formatted(certificate, key, unusable.getMessage()),
          unusable);
    }
    if (settings.clientCaFile().isPresent()) {
      Path ca = readable("server.tls.client.ca.file", settings.clientCaFile().get());
      try {
        SslContext unused =
            SslContextBuilder.forClient()
                .trustManager(ca.toFile())
                .sslProvider(SslProvider.JDK)
                .build();
      } catch (IllegalArgumentException | SSLException unusable) {
        throw new InvalidConfigException(
            "server.tls.client.ca.file: %s: %s (expected: certificates, PEM)"
                .formatted(ca, unusable.getMessage()),
            unusable);
      }
      server.tlsCustomizer(tls -> tls.trustManager(ca.toFile()).clientAuth(ClientAuth.REQUIRE));
    }
  }

  private static Path readable(String key, Path file) throws InvalidConfigException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new InvalidConfigException(
          "%s: %s cannot be read (expected: a file that this user may read)".formatted(key, file),
          null);
    }
    return file;
  }
}
