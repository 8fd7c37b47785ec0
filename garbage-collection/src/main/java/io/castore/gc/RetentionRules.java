package io.castore.gc;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of retention, of which the one with the longest prefix counts for a source.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class RetentionRules {
  private static final RetentionRules NONE = new RetentionRules(List.of());

  private final List<RetentionRule> longestFirst;

  private RetentionRules(List<RetentionRule> rules) {
    longestFirst =
        rules.stream()
            .sorted(
                Comparator.comparingInt((RetentionRule rule) -> rule.prefix().length()).reversed())
            .toList();
  }

  /** No rules: nothing is ever dropped. */
  public static RetentionRules none() {
    return NONE;
  }

  /** One rule. */
  public static RetentionRules of(RetentionRule rule) {
    return new RetentionRules(List.of(rule));
  }

  /**
   * Reads rules.
   *
   * @throws IllegalArgumentException if one is none, or two have the same prefix; its message can
   *     be shown to the person who wrote them
   */
  public static RetentionRules parse(List<String> texts) {
    List<RetentionRule> rules =
        texts.stream()
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(RetentionRule::parse)
            .toList();
    Set<String> prefixes = new HashSet<>();
    for (RetentionRule rule : rules) {
      if (!prefixes.add(rule.prefix())) {
        throw new IllegalArgumentException(
            "two rules of retention for the prefix \"%s\" (expected: one)"
                .formatted(rule.prefix()));
      }
    }
    return new RetentionRules(rules);
  }

  boolean isEmpty() {
    return longestFirst.isEmpty();
  }

  /** Gives the rule that counts for a source, if there is one. */
  public Optional<RetentionRule> ruleFor(String source) {
    return longestFirst.stream().filter(rule -> source.startsWith(rule.prefix())).findFirst();
  }
}
