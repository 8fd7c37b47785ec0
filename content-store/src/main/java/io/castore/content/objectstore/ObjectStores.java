package io.castore.content.objectstore;

/** Opens the store that a URL names. */
public final class ObjectStores {
  private ObjectStores() {}

  /**
   * Opens a store without asking it anything: what is wrong with it shows at {@link
   * ObjectStore#probe} or at the first call.
   *
   * @param s3 how to reach S3; unused by other stores
   */
  public static ObjectStore open(StoreUrl url, S3Settings s3) {
    if (url instanceof StoreUrl.S3 bucket) {
      return S3ObjectStore.open(bucket, s3);
    }
    if (url instanceof StoreUrl.Directory directory) {
      return FileObjectStore.open(directory);
    }
    return new MemoryObjectStore();
  }
}
