package io.castore.query.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Hands a request's body on, piece by piece: the client sends on when a piece was taken.
 *
 * <p>Called by the request's event loop alone.
 */
final class RequestBody implements Subscriber<HttpObject> {
  private final BlobIntake.Body target;
  private @Nullable Subscription subscription;
  private CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);

  RequestBody(BlobIntake.Body target) {
    this.target = target;
  }

  @Override
  public void onSubscribe(Subscription body) {
    subscription = body;
    body.request(1);
  }

  @Override
  public void onNext(HttpObject object) {
    if (object instanceof HttpData data && !data.isEmpty()) {
      taken = target.write(ByteBuffer.wrap(data.array()));
    }
    CompletableFuture<Void> unused =
        taken.handle(
            (done, failure) -> {
              if (subscription != null) {
                if (failure == null) {
                  subscription.request(1);
                } else {
                  // The outcome tells why.
                  subscription.cancel();
                }
              }
              return null;
            });
  }

  @Override
  public void onError(Throwable cause) {
    target.abort(BlobPuts.CLIENT_GONE);
  }

  @Override
  public void onComplete() {
    CompletableFuture<Void> unused = taken.thenRun(target::end);
  }
}
