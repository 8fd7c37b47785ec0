package io.castore.content.objectstore;

import java.util.Set;

/**
 * An S3 service's answer that something is wrong, and not for a moment only.
 *
 * @param status of HTTP, or 0 where the answer is not of S3's form
 * @param code S3's name for the error, or one of those below
 * @param message S3's words for it
 */
record S3Error(int status, String code, String message) {
  /** Codes that are about the caller, its clock or its region, and not about an object. */
  private static final Set<String> ABOUT_CALLER =
      Set.of(
          "AccountProblem",
          "AuthFailure",
          "AuthorizationHeaderMalformed",
          "ExpiredToken",
          "ExpiredTokenException",
          "IllegalLocationConstraintException",
          "InvalidAccessKeyId",
          "InvalidSecurity",
          "InvalidToken",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch");

  /** What answered is no S3 service. */
  static final String NOT_S3 = "NotS3";

  /** What answered has a certificate that is not trusted. */
  static final String DISTRUSTED = "Distrusted";

  /** Credentials were there once and are not now. */
  static final String NO_CREDENTIALS = "NoCredentials";

  boolean saysAbsent() {
    return status == 404 && !code.equals("NoSuchBucket");
  }

  /** Tells whether the one object is not given, to a caller that is known and may ask. */
  boolean saysObjectRefused() {
    return (status == 400 || status == 403) && !ABOUT_CALLER.contains(code);
  }

  /** Tells whether the object has none of the bytes that were asked for. */
  boolean saysOutOfRange() {
    return status == 416;
  }

  /** Tells whether {@code If-None-Match: *} met an object. */
  boolean saysPresent() {
    return status == 412;
  }

  /**
   * Tells whether a multipart upload has ended: by an attempt whose answer was lost, or because
   * somebody abandoned it. The object may be there or not.
   */
  boolean saysUploadIsOver() {
    return code.equals("NoSuchUpload");
  }

  @Override
  public String toString() {
    return (status == 0 ? code : status + " " + code).strip() + ": " + message;
  }
}
