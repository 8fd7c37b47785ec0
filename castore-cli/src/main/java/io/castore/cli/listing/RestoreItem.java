package io.castore.cli.listing;

import io.castore.content.digest.Digest;
import java.net.URI;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file to be restored.
 *
 * @param path as listed, for people
 * @param pathUri the exact path; null where {@code path} is exact
 * @param size in bytes; empty where the list does not tell
 */
public record RestoreItem(String path, @Nullable URI pathUri, Digest digest, OptionalLong size) {}
