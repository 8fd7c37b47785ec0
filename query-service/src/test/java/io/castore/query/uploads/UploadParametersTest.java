package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.QueryParams;
import io.castore.proto.pipeline.UploadStatus.State;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UploadParametersTest {
  @Test
  void shouldListAllUploadsWhereNothingIsSaid() throws Exception {
    assertThat(UploadParameters.query(QueryParams.of()))
        .isEqualTo(new UploadQuery(UploadFilter.ALL, IdRange.ALL, 100));
  }

  @Test
  void shouldReadEveryParameter() throws Exception {
    UploadQuery query =
        UploadParameters.query(
            QueryParams.fromQueryString(
                "state=COMPLETE,FAILED&source=file:/a&since=2026-01-01T00:00:00Z"
                    + "&until=2026-02-01T00:00:00Z&limit=1000&cursor="
                    + Cursor.write(Uploads.id(0))));

    assertThat(query)
        .isEqualTo(
            new UploadQuery(
                new UploadFilter(Set.of(State.COMPLETE, State.FAILED), "file:/a"),
                IdRange.ALL
                    .since(Instant.parse("2026-01-01T00:00:00Z"))
                    .until(Instant.parse("2026-02-01T00:00:00Z"))
                    .before(Uploads.id(0)),
                1000));
  }

  @Test
  void shouldTakeEmptyFiltersForNone() throws Exception {
    assertThat(UploadParameters.filter(QueryParams.fromQueryString("state=&source=")))
        .isEqualTo(UploadFilter.ALL);
  }

  @ParameterizedTest
  @CsvSource({
    "state=complete, 'parameter state: \"complete\"'",
    "'state=COMPLETE,', 'parameter state: \"\"'",
    "state=STATE_UNSPECIFIED, parameter state",
    "state=UNRECOGNIZED, parameter state",
    "limit=0, 'parameter limit: \"0\" (expected: 1 to 1000)'",
    "limit=1001, parameter limit",
    "limit=ten, parameter limit",
    "limit=, parameter limit",
    "since=yesterday, parameter since",
    "until=2026-01-01, parameter until",
    "cursor=, parameter cursor",
    "cursor=abc, parameter cursor",
    "cursor=%20, parameter cursor",
    "limit=1&limit=2, parameter limit is given twice",
    "offset=3, 'unknown parameter: offset (expected: state, source, since,'"
  })
  void shouldNameTheParameterThatItCannotUse(String query, String message) {
    assertThatThrownBy(() -> UploadParameters.query(QueryParams.fromQueryString(query)))
        .isInstanceOf(BadParameterException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void shouldTakeOfAStreamOnlyItsFilter() {
    assertThatThrownBy(() -> UploadParameters.filter(QueryParams.fromQueryString("limit=3")))
        .isInstanceOf(BadParameterException.class)
        .hasMessage("unknown parameter: limit (expected: state, source)");
  }
}
