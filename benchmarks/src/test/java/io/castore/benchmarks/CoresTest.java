package io.castore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CoresTest {
  @Test
  void shouldReadTheCoresThatLinuxAllows() {
    assertThat(Cores.parse("Name:\tjava\nCpus_allowed_list:\t1-3,8\nMems_allowed_list:\t0\n"))
        .isEqualTo(new Cores(List.of(1, 2, 3, 8)));
  }

  @Test
  void shouldKeepACommandToTheFirstOfThem() {
    Cores cores = new Cores(List.of(1, 2, 3));

    assertThat(cores.prefix(1)).containsExactly("taskset", "-c", "1");
    assertThat(cores.prefix(2)).containsExactly("taskset", "-c", "1,2");
  }

  @Test
  void shouldLeaveACommandFreeWhereNothingCanKeepIt() {
    assertThat(new Cores(List.of()).prefix(1)).isEmpty();
  }
}
