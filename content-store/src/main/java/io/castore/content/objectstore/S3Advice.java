package io.castore.content.objectstore;

/** Tells a person what an S3 service's error means here, and what to do about it. */
final class S3Advice {
  private final String bucket;
  private final S3Settings settings;
  private final boolean anonymous;
  private final String rights;

  /** Advises on a store. */
  S3Advice(String bucket, S3Settings settings, boolean anonymous) {
    this(
        bucket,
        settings,
        anonymous,
        "s3:ListBucket, s3:GetObject, s3:PutObject and s3:AbortMultipartUpload, and"
            + " s3:DeleteObject for garbage collection,");
  }

  /**
   * Advises on a bucket.
   *
   * @param rights what the key has to be allowed to do
   */
  S3Advice(String bucket, S3Settings settings, boolean anonymous, String rights) {
    this.bucket = bucket;
    this.settings = settings;
    this.anonymous = anonymous;
    this.rights = rights;
  }

  String on(S3Error error) {
    return switch (error.code()) {
      case "NoSuchBucket" ->
          "bucket " + bucket + " does not exist at " + where() + " (create it, or name another)";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurity", "AuthFailure" ->
          "the keys were not accepted by "
              + where()
              + " ("
              + error
              + "; check access key and secret key)";
      case "ExpiredToken", "ExpiredTokenException", "InvalidToken", S3Error.NO_CREDENTIALS ->
          "the credentials are no longer good at " + where() + " (" + error + "; renew them)";
      case "RequestTimeTooSkewed" ->
          "this machine's clock differs too much from that of " + where() + " (set it right)";
      case "PermanentRedirect",
          "TemporaryRedirect",
          "Redirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          "bucket "
              + bucket
              + " is not in region "
              + settings.region()
              + " ("
              + error
              + "; set the bucket's region)";
      case S3Error.NOT_S3 ->
          "what answers at " + where() + " is no S3 service (" + error.message() + ")";
      case S3Error.DISTRUSTED ->
          "the certificate of "
              + where()
              + " is not trusted ("
              + error.message()
              + "; name its authority's certificate in SSL_CERT_FILE)";
      default -> byStatus(error);
    };
  }

  private String byStatus(S3Error error) {
    return switch (error.status()) {
      case 401, 403 ->
          "access denied by "
              + where()
              + " ("
              + error
              + (anonymous
                  ? "; no keys are set, so the request was anonymous: set them)"
                  : "; give the key " + rights + " on bucket " + bucket + ")");
      case 501 ->
          where()
              + " cannot do this ("
              + error
              + "; expected: an S3 service with conditional writes, If-None-Match)";
      default -> where() + " refused (" + error + ")";
    };
  }

  private String where() {
    return settings.endpoint().toString();
  }
}
