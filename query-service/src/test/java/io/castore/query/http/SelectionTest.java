package io.castore.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.castore.query.http.Selection.NotModified;
import io.castore.query.http.Selection.Part;
import io.castore.query.http.Selection.PreconditionFailed;
import io.castore.query.http.Selection.Unsatisfiable;
import io.castore.query.http.Selection.Whole;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private static final EntityTag TAG = new EntityTag("\"abc\"");

  private static Selection of(long size, String... namesAndValues) {
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.GET, "/");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Selection.of(headers.build(), TAG, size);
  }

  @ParameterizedTest
  @CsvSource({
    "'bytes=0-0', 0, 1",
    "'bytes=0-99', 0, 100",
    "'bytes=0-100', 0, 100",
    "'bytes=10-19', 10, 10",
    "'bytes=99-', 99, 1",
    "'bytes=0-', 0, 100",
    "'bytes=-1', 99, 1",
    "'bytes=-100', 0, 100",
    "'bytes=-101', 0, 100",
    "'bytes=10-99999999999999999999999', 10, 90",
    "'bytes=-99999999999999999999999', 0, 100",
    "'bytes=00000000000000000000010-19', 10, 10",
    "'BYTES=10-19', 10, 10",
    "'bytes= 10-19 , ', 10, 10",
  })
  void shouldSelectAPartWhenARangeIsSatisfiable(String range, long offset, long length) {
    assertThat(of(100, "range", range)).isEqualTo(new Part(offset, length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
  void shouldSelectNothingWhenARangeIsUnsatisfiable(String range) {
    assertThat(of(100, "range", range)).isEqualTo(new Unsatisfiable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-1,5-6",
        "bytes=2-1",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=--1",
        "bytes=1",
        "bytes=0x1-2",
        "bytes =0-1",
        "items=0-1",
        "",
        "bytes=\u0661-\u0662",
      })
  void shouldSelectAllWhenARangeIsMalformedOrMultipleOrOfAnotherUnit(String range) {
    assertThat(of(100, "range", range)).isEqualTo(new Whole());
  }

  @Test
  void shouldSelectAllWhenThereAreTwoRangeHeaders() {
    assertThat(of(100, "range", "bytes=0-1", "range", "bytes=2-3")).isEqualTo(new Whole());
  }

  @Test
  void shouldSelectAllOfAnEmptyContentWhenItsLastBytesAreAskedFor() {
    assertThat(of(0, "range", "bytes=-5")).isEqualTo(new Whole());
    assertThat(of(0, "range", "bytes=0-")).isEqualTo(new Unsatisfiable());
  }

  @Test
  void shouldIgnoreARangeWhenTheMethodIsHead() {
    RequestHeaders head = RequestHeaders.of(HttpMethod.HEAD, "/", "range", "bytes=500-");

    assertThat(Selection.of(head, TAG, 100)).isEqualTo(new Whole());
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        arguments("if-none-match", "\"abc\"", new NotModified()),
        arguments("if-none-match", "W/\"abc\"", new NotModified()),
        arguments("if-none-match", "*", new NotModified()),
        arguments("if-none-match", "\"x\", W/\"y,z\" ,\"abc\"", new NotModified()),
        arguments("if-none-match", ", ,\"abc\"", new NotModified()),
        arguments("if-none-match", "\"x\"", new Part(1, 2)),
        arguments("if-none-match", "abc", new Part(1, 2)),
        arguments("if-none-match", "\"x,\"abc\"", new Part(1, 2)),
        arguments("if-none-match", "w/\"abc\"", new Part(1, 2)),
        arguments("if-match", "\"abc\"", new Part(1, 2)),
        arguments("if-match", "*", new Part(1, 2)),
        arguments("if-match", "\"x\", \"abc\"", new Part(1, 2)),
        arguments("if-match", "W/\"abc\"", new PreconditionFailed()),
        arguments("if-match", "\"x\"", new PreconditionFailed()),
        arguments("if-match", "", new PreconditionFailed()),
        arguments("if-range", "\"abc\"", new Part(1, 2)),
        arguments("if-range", "W/\"abc\"", new Whole()),
        arguments("if-range", "\"x\"", new Whole()),
        arguments("if-range", "Sun, 22 Nov 2026 00:00:00 GMT", new Whole()),
        arguments("if-modified-since", "Sun, 22 Nov 2099 00:00:00 GMT", new Part(1, 2)),
        arguments("if-unmodified-since", "Sun, 22 Nov 1999 00:00:00 GMT", new Part(1, 2)));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void shouldHeedConditionsBeforeTheRange(String name, String value, Selection expected) {
    assertThat(of(100, "range", "bytes=1-2", name, value)).isEqualTo(expected);
  }

  @Test
  void shouldHeedIfMatchFirstWhenThereAreMoreConditions() {
    assertThat(of(100, "if-match", "\"x\"", "if-none-match", "\"abc\""))
        .isEqualTo(new PreconditionFailed());
    assertThat(of(100, "if-match", "\"abc\"", "if-none-match", "\"abc\""))
        .isEqualTo(new NotModified());
  }

  @Test
  void shouldTakeSeveralHeadersAsOneList() {
    assertThat(of(100, "if-none-match", "\"x\"", "if-none-match", "\"abc\""))
        .isEqualTo(new NotModified());
  }
}
