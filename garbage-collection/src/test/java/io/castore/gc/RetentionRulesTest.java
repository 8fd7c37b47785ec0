package io.castore.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How rules of retention are written, and which one counts. */
final class RetentionRulesTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "90s, PT90S",
    "30m, PT30M",
    "12h, PT12H",
    "30d, P30D",
    "8w, P56D",
    "P30D, P30D",
    "PT36H, PT36H"
  })
  void shouldReadAges(String text, Duration age) {
    assertThat(RetentionRule.parseAge(text)).isEqualTo(age);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "d", "-1d", "1.5h", "30y", "1000000000s", "-PT1H", "30 d"})
  void shouldRefuseWhatIsNoAge(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionRule.parseAge(text))
        .withMessageContaining("not an age: \"" + text + "\"");
  }

  @Test
  void shouldTakeTheLastEqualsSign() {
    RetentionRule rule = RetentionRule.parse("s3://logs/year=2026/=90d");

    assertThat(rule.prefix()).isEqualTo("s3://logs/year=2026/");
    assertThat(rule.age()).isEqualTo(Duration.ofDays(90));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://logs/", "=90d", ""})
  void shouldRefuseWhatIsNoRule(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionRule.parse(text))
        .withMessageContaining("not a rule of retention");
  }

  @Test
  void shouldLetTheLongestPrefixCount() {
    RetentionRules rules =
        RetentionRules.parse(List.of(" s3://=1d", "", "s3://logs/audit/=8w ", "s3://logs/=12h"));

    assertThat(rules.ruleFor("s3://logs/audit/1")).map(RetentionRule::age).hasValue(days(56));
    assertThat(rules.ruleFor("s3://logs/1")).map(RetentionRule::age).hasValue(Duration.ofHours(12));
    assertThat(rules.ruleFor("s3://books/1")).map(RetentionRule::age).hasValue(days(1));
    assertThat(rules.ruleFor("file:///s3://")).isEmpty();
  }

  @Test
  void shouldRefuseTwoRulesForOnePrefix() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionRules.parse(List.of("a=1d", "b=1d", "a=2d")))
        .withMessageContaining("\"a\"");
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }
}
