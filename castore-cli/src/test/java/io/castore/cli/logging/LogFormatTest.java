package io.castore.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogFormatTest {
  @AfterEach
  void forget() {
    System.clearProperty("castore.log.format");
  }

  @ParameterizedTest
  @CsvSource({"json, true", "JSON, true", "text, false", "'', false"})
  void shouldTakeWhatTheEnvironmentSays(String format, boolean isJson) {
    assertThat(LogFormat.choose(Map.of("CASTORE_LOG_FORMAT", format))).isEmpty();
    assertThat(LogFormat.isJson()).isEqualTo(isJson);
  }

  @Test
  void shouldWriteTextWhereNothingIsSaid() {
    assertThat(LogFormat.choose(Map.of())).isEmpty();
    assertThat(LogFormat.isJson()).isFalse();
  }

  @Test
  void shouldNameAFormatThatThereIsNot() {
    assertThat(LogFormat.choose(Map.of("CASTORE_LOG_FORMAT", "xml")))
        .contains("CASTORE_LOG_FORMAT: xml (expected: text or json)");
  }
}
