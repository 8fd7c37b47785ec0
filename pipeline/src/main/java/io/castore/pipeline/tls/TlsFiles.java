package io.castore.pipeline.tls;

import io.castore.pipeline.config.ClientSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs for TLS, from PEM files.
 *
 * @param ca who signs the services' certificates; null for those whom the JDK trusts
 * @param chain the client's certificate chain; null for none
 * @param key its private key, PKCS#8 without a password; null for none
 */
public record TlsFiles(@Nullable Path ca, @Nullable Path chain, @Nullable Path key) {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = new char[0];

  /** Gives the files of a configuration, or empty where it names none: then the JDK's hold. */
  public static Optional<TlsFiles> of(ClientSettings settings) {
    return settings.caFile().isEmpty() && settings.certFile().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TlsFiles(
                settings.caFile().orElse(null),
                settings.certFile().orElse(null),
                settings.keyFile().orElse(null)));
  }

  /**
   * Reads the files.
   *
   * @throws IOException if one cannot be used; the message names it
   */
  public SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(), trustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException unusable) {
      throw new IOException("TLS cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  private TrustManager @Nullable [] trustManagers() throws IOException, GeneralSecurityException {
    if (ca == null) {
      return null;
    }
    KeyStore trusted = emptyStore();
    List<Certificate> certificates = certificates(ca);
    for (int i = 0; i < certificates.size(); i++) {
      trusted.setCertificateEntry("ca-" + i, certificates.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
    if (chain == null || key == null) {
      return null;
    }
    List<Certificate> certificates = certificates(chain);
    PrivateKey privateKey = privateKey(key, certificates.get(0).getPublicKey().getAlgorithm());
    KeyStore own = emptyStore();
    own.setKeyEntry("client", privateKey, NO_PASSWORD, certificates.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static List<Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<Certificate> certificates =
          new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (certificates.isEmpty()) {
        throw new IOException("no certificate in " + file + " (expected: PEM)");
      }
      return certificates;
    } catch (GeneralSecurityException malformed) {
      throw new IOException(
          "cannot read certificates from %s: %s".formatted(file, malformed.getMessage()),
          malformed);
    }
  }

  private static PrivateKey privateKey(Path file, String algorithm) throws IOException {
    Matcher pem = PRIVATE_KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException(
          "no private key in " + file + " (expected: PEM, PKCS#8 without a password)");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      // Its message could show parts of the key.
      throw new IOException(
          "cannot read the private key in %s (expected: one for the certificate, %s)"
              .formatted(file, algorithm));
    }
  }
}
