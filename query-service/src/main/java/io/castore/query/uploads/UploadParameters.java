package io.castore.query.uploads;

import com.linecorp.armeria.common.QueryParams;
import io.castore.proto.pipeline.UploadStatus.State;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the parameters of requests for uploads. Each may be given once; one that is not known is an
 * error, since the client would take the answer for another.
 */
final class UploadParameters {
  static final int DEFAULT_LIMIT = 100;
  static final int MOST_UPLOADS = 1000;

  private static final String STATE = "state";
  private static final String SOURCE = "source";
  private static final String SINCE = "since";
  private static final String UNTIL = "until";
  private static final String LIMIT = "limit";
  private static final String CURSOR = "cursor";
  private static final List<String> OF_FILTER = List.of(STATE, SOURCE);
  private static final List<String> OF_LIST = List.of(STATE, SOURCE, SINCE, UNTIL, LIMIT, CURSOR);
  private static final Set<State> STATES =
      EnumSet.complementOf(EnumSet.of(State.STATE_UNSPECIFIED, State.UNRECOGNIZED));

  private final QueryParams parameters;

  private UploadParameters(QueryParams parameters, List<String> known)
      throws BadParameterException {
    for (String name : parameters.names()) {
      if (!known.contains(name)) {
        throw new BadParameterException(
            "unknown parameter: %s (expected: %s)"
                .formatted(name, known.isEmpty() ? "none" : String.join(", ", known)));
      }
      if (parameters.getAll(name).size() > 1) {
        throw new BadParameterException("parameter %s is given twice".formatted(name));
      }
    }
    this.parameters = parameters;
  }

  /** Reads what a list is asked for with. */
  static UploadQuery query(QueryParams parameters) throws BadParameterException {
    UploadParameters read = new UploadParameters(parameters, OF_LIST);
    return new UploadQuery(read.filter(), read.range(), read.limit());
  }

  /** Reads what a stream is asked for with. */
  static UploadFilter filter(QueryParams parameters) throws BadParameterException {
    return new UploadParameters(parameters, OF_FILTER).filter();
  }

  /** Checks the parameters of a request that takes none. */
  static void requireNone(QueryParams parameters) throws BadParameterException {
    UploadParameters unused = new UploadParameters(parameters, List.of());
  }

  private UploadFilter filter() throws BadParameterException {
    Set<State> states = EnumSet.noneOf(State.class);
    String names = parameters.get(STATE, "");
    if (!names.isEmpty()) {
      for (String name : names.split(",", -1)) {
        states.add(state(name));
      }
    }
    return new UploadFilter(states, parameters.get(SOURCE, ""));
  }

  private static State state(String name) throws BadParameterException {
    return STATES.stream()
        .filter(state -> state.name().equals(name))
        .findAny()
        .orElseThrow(() -> bad(STATE, name, "some of " + STATES + " with commas between"));
  }

  private IdRange range() throws BadParameterException {
    IdRange range = IdRange.ALL;
    Optional<Instant> since = time(SINCE);
    if (since.isPresent()) {
      range = range.since(since.get());
    }
    Optional<Instant> until = time(UNTIL);
    if (until.isPresent()) {
      range = range.until(until.get());
    }
    String cursor = parameters.get(CURSOR);
    if (cursor == null) {
      return range;
    }
    try {
      return range.before(Cursor.read(cursor));
    } catch (IllegalArgumentException invalid) {
      throw bad(CURSOR, cursor, "\"next\" of the page before");
    }
  }

  private Optional<Instant> time(String name) throws BadParameterException {
    String text = parameters.get(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException invalid) {
      throw bad(name, text, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  private int limit() throws BadParameterException {
    String text = parameters.get(LIMIT, Integer.toString(DEFAULT_LIMIT));
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST_UPLOADS) {
        return limit;
      }
    } catch (NumberFormatException notANumber) {
      // As bad as one that is too large.
    }
    throw bad(LIMIT, text, "1 to " + MOST_UPLOADS);
  }

  private static BadParameterException bad(String name, String value, String expected) {
    return new BadParameterException(
        "parameter %s: \"%s\" (expected: %s)".formatted(name, value, expected));
  }
}
