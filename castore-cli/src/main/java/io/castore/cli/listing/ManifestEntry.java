package io.castore.cli.listing;

import io.castore.content.digest.Digest;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says of one file: a JSON object on a line of its own.
 *
 * <table>
 * <caption>Fields, in this order</caption>
 * <tr><th>field</th><th>type</th><th>meaning</th></tr>
 * <tr><td>{@code path}</td><td>string</td><td>the path as given, U+FFFD for what is not UTF-8</td></tr>
 * <tr><td>{@code path_uri}</td><td>string</td><td>the exact path, percent-encoded; only where
 * {@code path} is not exact</td></tr>
 * <tr><td>{@code size}</td><td>number</td><td>bytes of content</td></tr>
 * <tr><td>{@code digest}</td><td>string</td><td>BLAKE3 of the content, 64 hex characters</td></tr>
 * <tr><td>{@code upload_id}</td><td>string</td><td>UUID of the upload</td></tr>
 * <tr><td>{@code chunks}</td><td>number</td><td>chunks of the content, repeated ones too</td></tr>
 * <tr><td>{@code new_chunks}</td><td>number</td><td>those that the store did not hold</td></tr>
 * <tr><td>{@code new_bytes}</td><td>number</td><td>their raw bytes</td></tr>
 * <tr><td>{@code unchanged}</td><td>boolean</td><td>only where it is true: the file is in the
 * store as it is, and was not ingested; the upload is an earlier one</td></tr>
 * </table>
 *
 * @param path not empty
 * @param pathUri {@code file:///…} or a relative reference; null where {@code path} is exact
 * @param size in bytes
 * @param newBytes in bytes, uncompressed
 * @param unchanged whether the file was in the store as it is, and was not ingested
 */
public record ManifestEntry(
    String path,
    @Nullable URI pathUri,
    long size,
    Digest digest,
    UUID uploadId,
    long chunks,
    long newChunks,
    long newBytes,
    boolean unchanged) {
  /**
   * Reads a line, with or without its line end. Fields that are not known are ignored.
   *
   * @throws MalformedLineException if the line is not a JSON object, or a field is missing, given
   *     twice, or has a wrong value
   */
  public static ManifestEntry parse(String line) throws MalformedLineException {
    JsonLine json = JsonLine.parse(line);
    return new ManifestEntry(
        json.path("path"),
        json.uriIfPresent("path_uri"),
        json.count("size"),
        json.digest("digest"),
        json.uuid("upload_id"),
        json.count("chunks"),
        json.count("new_chunks"),
        json.count("new_bytes"),
        json.isTrue("unchanged"));
  }

  /** Writes the line, without a line end. */
  public String format() {
    JsonLine json = new JsonLine().with("path", path);
    if (pathUri != null) {
      json.with("path_uri", pathUri.toString());
    }
    json.with("size", size)
        .with("digest", digest.toHex())
        .with("upload_id", uploadId.toString())
        .with("chunks", chunks)
        .with("new_chunks", newChunks)
        .with("new_bytes", newBytes);
    if (unchanged) {
      json.with("unchanged", true);
    }
    return json.format();
  }
}
