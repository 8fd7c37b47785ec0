package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.pipeline.records.UploadId;
import io.castore.pipeline.topics.Topics;
import io.castore.proto.pipeline.UploadStatus;
import io.castore.proto.pipeline.UploadStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

final class UploadPagesTest {
  private static final Topics TOPICS = new Topics("castore.");
  private static final int MANY_BYTES = 1 << 20;

  @Property(tries = 200)
  void shouldListEveryMatchOnceNewestFirstWhateverAPageHolds(
      @ForAll("uploads") List<Upload> uploads,
      @ForAll("filters") UploadFilter filter,
      @ForAll @IntRange(min = 1, max = 12) int limit,
      @ForAll @IntRange(min = 1, max = 12) int scanned,
      @ForAll @IntRange(min = 1, max = 200) int bytes) {
    List<UploadPage> pages =
        pages(
            uploads, new UploadPages(scanned, bytes), new UploadQuery(filter, IdRange.ALL, limit));

    assertThat(pages)
        .allSatisfy(page -> assertThat(page.uploads()).hasSizeLessThanOrEqualTo(limit));
    assertThat(pages).flatMap(UploadPage::uploads).isEqualTo(expected(uploads, filter));
  }

  @Property(tries = 200)
  void shouldListWhatWasMadeBetweenTwoTimes(
      @ForAll("uploads") List<Upload> uploads,
      @ForAll @LongRange(min = -2, max = 42) long since,
      @ForAll @LongRange(min = -2, max = 42) long until,
      @ForAll @IntRange(max = 1) int nanos) {
    Instant from = Instant.ofEpochMilli(Uploads.NOW_MS + since).plusNanos(nanos);
    Instant to = Instant.ofEpochMilli(Uploads.NOW_MS + until).plusNanos(nanos);
    IdRange range = IdRange.ALL.since(from).until(to);

    List<UploadPage> pages =
        pages(uploads, new UploadPages(5, MANY_BYTES), new UploadQuery(UploadFilter.ALL, range, 3));

    assertThat(pages)
        .flatMap(UploadPage::uploads)
        .isEqualTo(
            expected(uploads, UploadFilter.ALL).stream()
                .filter(upload -> !upload.id().createdAt().isBefore(from))
                .filter(upload -> upload.id().createdAt().isBefore(to))
                .toList());
  }

  @Example
  void shouldEndWithoutAnotherPageWhereTheLimitIsMetByTheLast() {
    List<Upload> two = List.of(upload(1), upload(2));

    List<UploadPage> pages =
        pages(two, UploadPages.DEFAULT, new UploadQuery(UploadFilter.ALL, IdRange.ALL, 2));

    assertThat(pages).containsExactly(new UploadPage(List.of(upload(2), upload(1)), none()));
  }

  @Example
  void shouldGoOnAfterAPageWithoutAMatch() {
    UploadFilter never = new UploadFilter(Set.of(State.EXPIRED), "");

    List<UploadPage> pages =
        pages(
            List.of(upload(1), upload(2)),
            new UploadPages(1, MANY_BYTES),
            new UploadQuery(never, IdRange.ALL, 10));

    assertThat(pages)
        .containsExactly(
            new UploadPage(List.of(), Optional.of(Uploads.id(2))),
            new UploadPage(List.of(), none()));
  }

  @Example
  void shouldTakeTimesThatNoIdCanHave() {
    IdRange all = IdRange.ALL.since(Instant.MIN).until(Instant.MAX);
    IdRange none = IdRange.ALL.since(Instant.MAX).until(Instant.MIN);

    assertThat(all).isEqualTo(IdRange.ALL);
    assertThat(none.isEmpty()).isTrue();
    assertThat(IdRange.ALL.until(Instant.EPOCH).isEmpty()).isTrue();
    assertThat(IdRange.ALL.before(new UploadId(new UUID(0, 0))).isEmpty()).isTrue();
    assertThat(IdRange.ALL.before(new UploadId(new UUID(1, 0))).last())
        .isEqualTo(new UploadId(new UUID(0, -1)));
  }

  @Example
  void shouldReadTheCursorThatItWrote() {
    assertThat(Cursor.read(Cursor.write(Uploads.id(7)))).isEqualTo(Uploads.id(7));
  }

  @Provide
  Arbitrary<List<Upload>> uploads() {
    Arbitrary<UploadId> ids =
        Combinators.combine(Arbitraries.integers().between(0, 40), Arbitraries.integers())
            .as((millis, random) -> Uploads.at(Uploads.NOW_MS + millis, random));
    Arbitrary<UploadStatus> statuses =
        Combinators.combine(
                Arbitraries.of(State.OPEN, State.COMPLETE, State.FAILED),
                Arbitraries.of("", "file:/a", "file:/b"))
            .as(Uploads::status);
    return Combinators.combine(ids, statuses)
        .as(Upload::new)
        .list()
        .uniqueElements(Upload::id)
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<UploadFilter> filters() {
    return Combinators.combine(
            Arbitraries.of(State.OPEN, State.COMPLETE, State.FAILED).set().ofMaxSize(2),
            Arbitraries.of("", "file:/", "file:/b"))
        .as(UploadFilter::new);
  }

  private static List<Upload> expected(List<Upload> uploads, UploadFilter filter) {
    return uploads.stream()
        .filter(upload -> filter.matches(upload.status()))
        .sorted(Comparator.comparing(Upload::id).reversed())
        .toList();
  }

  private static List<UploadPage> pages(
      List<Upload> uploads, UploadPages pages, UploadQuery query) {
    KeyValueStore<UploadId, UploadStatus> store = store();
    uploads.forEach(upload -> store.put(upload.id(), upload.status()));
    return all(next -> pages.read(store, next), query);
  }

  /** Reads on as long as there is more. */
  private static List<UploadPage> all(Function<UploadQuery, UploadPage> list, UploadQuery query) {
    List<UploadPage> pages = new ArrayList<>();
    Optional<UploadQuery> next = Optional.of(query);
    while (next.isPresent()) {
      UploadPage page = list.apply(next.get());
      pages.add(page);
      next =
          page.next()
              .map(id -> new UploadQuery(query.filter(), query.range().before(id), query.limit()));
    }
    return pages;
  }

  private static KeyValueStore<UploadId, UploadStatus> store() {
    KeyValueStore<UploadId, UploadStatus> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(UploadTopology.UPLOADS),
                TOPICS.uploadStatus().keys(),
                TOPICS.uploadStatus().values())
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }

  private static Upload upload(int number) {
    return new Upload(Uploads.id(number), Uploads.open());
  }

  private static Optional<UploadId> none() {
    return Optional.empty();
  }
}
