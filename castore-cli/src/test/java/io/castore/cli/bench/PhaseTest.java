package io.castore.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PhaseTest {
  @Test
  void shouldAddWhatAPhaseNeeds() {
    assertThat(Phase.withNeeded(Set.of(Phase.VERIFY), false))
        .isEqualTo(EnumSet.of(Phase.START, Phase.WARM_UP, Phase.INGEST, Phase.VERIFY));
    assertThat(Phase.withNeeded(Set.of(Phase.WARM_UP), false))
        .isEqualTo(EnumSet.of(Phase.START, Phase.WARM_UP));
    assertThat(Phase.withNeeded(Set.of(Phase.COLD_RESTORE), false))
        .isEqualTo(EnumSet.of(Phase.COLD_INGEST, Phase.COLD_RESTORE));
  }

  @Test
  void shouldLeaveSecondVersionOutWhereThereIsNone() {
    Set<Phase> all = EnumSet.allOf(Phase.class);
    assertThat(Phase.withNeeded(all, true)).isEqualTo(all);
    assertThat(Phase.withNeeded(all, false))
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Phase.SECOND)));
  }
}
