package io.castore.content.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3AdviceTest {
  private static final S3Settings SETTINGS =
      S3Settings.at(URI.create("http://127.0.0.1:9000")).withKeys("access", "hush-hush");

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchBucket, create it",
    "403, SignatureDoesNotMatch, check access key and secret key",
    "403, InvalidAccessKeyId, check access key and secret key",
    "400, ExpiredToken, renew them",
    "403, RequestTimeTooSkewed, clock",
    "301, PermanentRedirect, set the bucket's region",
    "400, AuthorizationHeaderMalformed, set the bucket's region",
    "403, AccessDenied, give the key s3:ListBucket",
    "501, NotImplemented, If-None-Match",
    "400, InvalidArgument, refused (400 InvalidArgument: words)",
    "0, NotS3, is no S3 service (words)",
    "0, Distrusted, SSL_CERT_FILE",
  })
  void shouldSayWhatToDo(int status, String code, String advice) {
    assertThat(new S3Advice("bucket", SETTINGS, false).on(new S3Error(status, code, "words")))
        .contains(advice)
        .doesNotContain("hush");
  }

  @Test
  void shouldAskForKeysWhenThereAreNone() {
    assertThat(
            new S3Advice("bucket", SETTINGS, true)
                .on(new S3Error(403, "AccessDenied", "Access denied")))
        .isEqualTo(
            "access denied by http://127.0.0.1:9000 (403 AccessDenied: Access denied; no keys are"
                + " set, so the request was anonymous: set them)");
  }
}
