package io.castore.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IncubatorWarningTest {
  @Test
  void shouldEraseOnTerminal() {
    assertThat(IncubatorWarning.isErasable(Map.of("TERM", "xterm-256color"))).isTrue();
  }

  @Test
  void shouldLeaveTerminalsAloneThatCannotErase() {
    assertThat(IncubatorWarning.isErasable(Map.of())).isFalse();
    assertThat(IncubatorWarning.isErasable(Map.of("TERM", ""))).isFalse();
    assertThat(IncubatorWarning.isErasable(Map.of("TERM", "dumb"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CASTORE_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
  void shouldEraseNothingWhenJvmMayHaveWrittenMore(String variable) {
    assertThat(IncubatorWarning.isErasable(Map.of("TERM", "xterm", variable, "-Xlog:gc:stderr")))
        .isFalse();
  }

  @Test
  void shouldEraseNothingWhenJvmStartedWithoutTheModule() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    IncubatorWarning.erase(new PrintStream(written, true, StandardCharsets.UTF_8), true);
    assertThat(written.size()).isZero();
  }
}
