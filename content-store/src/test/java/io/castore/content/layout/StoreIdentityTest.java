package io.castore.content.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.castore.content.blob.MapObjects;
import io.castore.content.objectstore.ObjectBody;
import io.castore.content.objectstore.ObjectInfo;
import io.castore.content.objectstore.ObjectReader;
import io.castore.content.objectstore.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreIdentityTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:11:12.345678Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @Test
  void shouldBeMadeOnce() throws IOException {
    MapObjects store = new MapObjects();
    assertThat(StoreIdentity.find(store)).isEmpty();

    StoreIdentity made = StoreIdentity.obtain(store, CLOCK);

    assertThat(made.created()).isEqualTo("2026-11-22T10:11:12.345Z");
    assertThat(StoreIdentity.obtain(store, InstantSource.system())).isEqualTo(made);
    assertThat(StoreIdentity.find(store)).contains(made);
    assertThat(StoreIdentity.obtain(new MapObjects(), CLOCK).id()).isNotEqualTo(made.id());
  }

  @Test
  void shouldBeReadBackWhenTheRaceIsLost() throws IOException {
    LostRace store = new LostRace();

    assertThat(StoreIdentity.obtain(store, CLOCK))
        .isEqualTo(new StoreIdentity("winner", Instant.parse("2020-01-01T00:00:00Z")));
  }

  @Test
  void shouldBeWrittenAsDocumented() throws IOException {
    MapObjects store = new MapObjects();
    StoreIdentity made = StoreIdentity.obtain(store, CLOCK);

    try (InputStream object = store.open("castore-streams.json").orElseThrow()) {
      assertThat(object)
          .hasContent(
              "{\"format\":1,\"id\":\"%s\",\"created\":\"2026-11-22T10:11:12.345Z\"}"
                  .formatted(made.id()));
    }
  }

  @Test
  void shouldPassOverOtherFields() throws IOException {
    assertThat(
            StoreIdentity.find(
                holding(
                    "{\"format\":1,\"id\":\"x\",\"created\":\"2020-01-01T00:00:00Z\",\"later\":[1]}")))
        .contains(new StoreIdentity("x", Instant.parse("2020-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"format\":2,\"id\":\"x\",\"created\":\"2020-01-01T00:00:00Z\"}",
        "{\"format\":1,\"created\":\"2020-01-01T00:00:00Z\"}",
        "{\"format\":1,\"id\":\"x\"}",
        "{\"format\":1,\"id\":\"x\",\"created\":\"yesterday\"}"
      })
  void shouldSayWhatToDoWhenItIsDamaged(String json) {
    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(() -> StoreIdentity.obtain(holding(json), CLOCK))
        .withMessageStartingWith("corrupt object castore-streams.json: ")
        .withMessageEndingWith(
            "Put the object back from a copy if there is one. Otherwise remove it: the next start makes a new identity, and asks for --reset-state");
  }

  @Test
  void shouldRefuseAnIdThatIsTooLong() {
    assertThatExceptionOfType(CorruptObjectException.class)
        .isThrownBy(
            () ->
                StoreIdentity.find(
                    holding(
                        "{\"format\":1,\"id\":\"%s\",\"created\":\"2020-01-01T00:00:00Z\"}"
                            .formatted("x".repeat(101)))))
        .withMessageContaining("id: 101 characters (expected: 1 to 100)");
  }

  private static MapObjects holding(String json) {
    return new MapObjects().with(BucketLayout.IDENTITY_KEY, json.getBytes(StandardCharsets.UTF_8));
  }

  /** A store where another writes its identity just before this one's is put. */
  private static final class LostRace implements ObjectReader, ObjectWriter {
    private final MapObjects objects = new MapObjects();

    @Override
    public Optional<InputStream> open(String key) {
      return objects.open(key);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
      return objects.stat(key);
    }

    @Override
    public void put(String key, ObjectBody body) throws IOException {
      objects.put(key, body);
    }

    @Override
    public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
      objects.with(
          key,
          "{\"format\":1,\"id\":\"winner\",\"created\":\"2020-01-01T00:00:00Z\"}"
              .getBytes(StandardCharsets.UTF_8));
      return objects.putIfAbsent(key, body);
    }
  }
}
