package io.castore.query.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.castore.proto.pipeline.UploadStatus.State;
import org.junit.jupiter.api.Test;

final class WaitingChangesTest {
  private final WaitingChanges waiting = new WaitingChanges();

  @Test
  void shouldGiveTheNewestStatusOfEachUploadInTheOrderInWhichUploadsCame() {
    waiting.put(Uploads.id(2), Uploads.open());
    waiting.put(Uploads.id(1), Uploads.open());
    waiting.put(Uploads.id(2), Uploads.complete());

    assertThat(waiting.poll()).isEqualTo(new Upload(Uploads.id(2), Uploads.complete()));
    assertThat(waiting.poll()).isEqualTo(new Upload(Uploads.id(1), Uploads.open()));
    assertThat(waiting.poll()).isNull();
  }

  @Test
  void shouldNotPutAnOlderStatusInPlaceOfANewer() {
    waiting.put(Uploads.id(1), Uploads.complete());
    waiting.putIfNone(Uploads.id(1), Uploads.open());

    assertThat(waiting.poll()).isEqualTo(new Upload(Uploads.id(1), Uploads.complete()));
  }

  @Test
  void shouldDropAllWhereTooManyUploadsWait() {
    for (int i = 0; i < WaitingChanges.MOST_UPLOADS; i++) {
      waiting.put(Uploads.id(i), Uploads.open());
      waiting.put(Uploads.id(0), Uploads.open());
    }
    assertThat(waiting.hasOverflown()).isFalse();

    waiting.put(Uploads.id(-1), Uploads.open());

    assertThat(waiting.hasOverflown()).isTrue();
    assertThat(waiting.poll()).isNull();
  }

  @Test
  void shouldCountBytesOfWhatWaitsAlone() {
    String name = "x".repeat((int) WaitingChanges.MOST_BYTES / 4);
    for (int i = 0; i < 100; i++) {
      waiting.put(Uploads.id(i), Uploads.status(State.OPEN, name));
      waiting.put(Uploads.id(i), Uploads.status(State.OPEN, name));
      waiting.poll();
    }
    assertThat(waiting.hasOverflown()).isFalse();

    for (int i = 0; i < 4; i++) {
      waiting.put(Uploads.id(i), Uploads.status(State.OPEN, name));
    }

    assertThat(waiting.hasOverflown()).isTrue();
  }
}
