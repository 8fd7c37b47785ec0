package io.castore.ingest;

import io.castore.pipeline.config.ClientSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Makes of PEM files what the JDK's clients take, the way that Kafka's clients do. */
final class ClientTls {
  private static final String PEM = DefaultSslEngineFactory.PEM_TYPE;

  private ClientTls() {}

  /**
   * Reads the files.
   *
   * @return empty where there are none, so that the JDK's own settings hold
   * @throws IOException if a file cannot be read, or is not what it has to be
   */
  static Optional<SSLContext> of(ClientSettings settings) throws IOException {
    if (settings.caFile().isEmpty() && settings.certFile().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> values = new HashMap<>();
    if (settings.caFile().isPresent()) {
      values.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
      values.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, text(settings.caFile().get()));
    }
    if (settings.certFile().isPresent() && settings.keyFile().isPresent()) {
      values.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
      values.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, text(settings.certFile().get()));
      values.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, text(settings.keyFile().get()));
    }
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(
          new AbstractConfig(new ConfigDef().withClientSslSupport(), values, false).values());
      return Optional.of(factory.sslContext());
    } catch (KafkaException unusable) {
      throw new IOException(
          "client.tls.*: " + unusable.getMessage() + " (expected: PEM files)", unusable);
    }
  }

  private static Password text(Path file) throws IOException {
    return new Password(Files.readString(file));
  }
}
