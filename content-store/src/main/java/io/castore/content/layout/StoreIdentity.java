package io.castore.content.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectReader;
import io.castore.content.objectstore.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What tells one store from another, whatever its URL is: a random id that is made once, and lies
 * in the store. Deduplication state counts for the store of one identity alone.
 *
 * <p>The object is JSON: {@code format} (1), {@code id} (text), {@code created} (ISO 8601). Readers
 * pass over other fields.
 *
 * @param id random, 1 to 100 characters
 * @param created when the id was made
 */
public record StoreIdentity(String id, Instant created) {
  private static final int FORMAT = 1;
  private static final int LONGEST_ID = 100;
  private static final int LARGEST_OBJECT = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Checks the id's length.
   *
   * @throws IllegalArgumentException if it is empty or too long
   */
  public StoreIdentity {
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      throw new IllegalArgumentException(
          "id: " + id.length() + " characters (expected: 1 to " + LONGEST_ID + ")");
    }
  }

  /**
   * Reads a store's identity, or makes one where the store has none. Of any number of callers at
   * the same time, all get the same.
   *
   * @param clock tells when an identity is made
   * @throws CorruptObjectException if there is one that cannot be read. The message says what to do
   * @throws IOException if the store cannot be read or written
   */
  public static <S extends ObjectReader & ObjectWriter> StoreIdentity obtain(
      S store, InstantSource clock) throws IOException {
    Optional<StoreIdentity> known = find(store);
    if (known.isPresent()) {
      return known.get();
    }
    StoreIdentity made =
        new StoreIdentity(
            UUID.randomUUID().toString(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    // What lies there afterwards counts, even where this call wrote: a store without a truly atomic
    // putIfAbsent may let two callers believe that they wrote.
    store.putIfAbsent(BucketLayout.IDENTITY_KEY, ObjectBody.of(made.toJson()));
    return find(store)
        .orElseThrow(
            () ->
                new IOException(
                    BucketLayout.IDENTITY_KEY
                        + " is gone right after it was written (expected: a store that keeps it,"
                        + " and nobody who removes it)"));
  }

  /**
   * Reads a store's identity.
   *
   * @return empty where it has none
   * @throws CorruptObjectException if there is one that cannot be read. The message says what to do
   * @throws IOException if the store cannot be read
   */
  public static Optional<StoreIdentity> find(ObjectReader store) throws IOException {
    Optional<InputStream> object = store.open(BucketLayout.IDENTITY_KEY);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = object.get()) {
      return Optional.of(parse(in.readNBytes(LARGEST_OBJECT)));
    }
  }

  /**
   * Gives a store this identity, in place of one that it has: for a store that was filled with all
   * that the one of this identity held.
   *
   * @throws IOException if the store cannot be written
   */
  public void writeTo(ObjectWriter store) throws IOException {
    store.put(BucketLayout.IDENTITY_KEY, ObjectBody.of(toJson()));
  }

  private static StoreIdentity parse(byte[] json) throws CorruptObjectException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw unreadable("it is not JSON", e);
    } catch (IOException impossibleInMemory) {
      throw unreadable("it cannot be read", impossibleInMemory);
    }
    int format = root.path("format").asInt();
    if (format != FORMAT) {
      throw unreadable("format: " + format + " (expected: " + FORMAT + ")", null);
    }
    try {
      return new StoreIdentity(
          root.path("id").asText(), Instant.parse(root.path("created").asText()));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    }
  }

  private static CorruptObjectException unreadable(String reason, @Nullable Exception cause) {
    return new CorruptObjectException(
        BucketLayout.IDENTITY_KEY,
        reason
            + ". Put the object back from a copy if there is one. Otherwise remove it: the next"
            + " start makes a new identity, and asks for --reset-state",
        cause);
  }

  private byte[] toJson() throws JsonProcessingException {
    return JSON.writeValueAsBytes(
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("id", id)
            .put("created", created.toString()));
  }
}
