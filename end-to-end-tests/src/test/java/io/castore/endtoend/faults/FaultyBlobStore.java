package io.castore.endtoend.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Refuses some PUTs and delays others.
 *
 * <p>Safe for use by many threads.
 */
final class FaultyBlobStore extends ForwardingBlobStore {
  private final PutFaults faults;
  private final Random random;

  FaultyBlobStore(BlobStore objects, PutFaults faults) {
    super(objects);
    this.faults = faults;
    this.random = new Random(faults.seed());
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    int percent = random.nextInt(100);
    if (percent < faults.refusedPercent()) {
      count();
      throw S3Exception.builder()
          .statusCode(503)
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("SlowDown")
                  .errorMessage("Reduce your request rate")
                  .build())
          .build();
    }
    if (percent < faults.refusedPercent() + faults.delayedPercent()) {
      delay();
    }
    return super.putBlob(request, content);
  }

  private synchronized void count() {
    try {
      Files.write(
          faults.tally(), new byte[] {'.'}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void delay() {
    try {
      TimeUnit.MILLISECONDS.sleep(faults.delayMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
