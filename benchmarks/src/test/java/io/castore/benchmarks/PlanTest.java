package io.castore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private static final Machine TWO_CORES = new Machine(2, "any", Set.of("avx2"));

  @Test
  void shouldRunEveryOperationInEveryPlan() {
    for (Plan plan : new Plan[] {Plan.full(), Plan.quick(), Plan.smoke()}) {
      assertThat(plan.workloads(TWO_CORES))
          .extracting(Workload::operation)
          .contains(Operation.values());
    }
  }

  @Test
  void shouldNotSplitOnMoreCoresThanThereAre() {
    Machine oneCore = new Machine(1, "any", Set.of());

    assertThat(Plan.full().workloads(oneCore)).extracting(Workload::cores).containsOnly(1);
    assertThat(Plan.full().workloads(TWO_CORES)).extracting(Workload::cores).contains(2);
  }

  @Test
  void shouldNarrowVectorsWhereThereAreWiderOnes() {
    Machine avx512 = new Machine(2, "any", Set.of("avx2", "avx512f"));
    Workload hash = Plan.full().workloads(TWO_CORES).get(0);

    assertThat(Plan.full().backends(hash, avx512)).contains(Backend.VECTOR_AVX2);
    assertThat(Plan.full().backends(hash, TWO_CORES)).doesNotContain(Backend.VECTOR_AVX2);
  }
}
