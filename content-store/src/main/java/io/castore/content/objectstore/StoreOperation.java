package io.castore.content.objectstore;

import java.util.Locale;

/** What is asked of a store. */
public enum StoreOperation {
  /** A whole object is written. */
  PUT,
  /** An object, or its start, is read. */
  GET,
  /** An object's length and age are asked for. */
  HEAD,
  /** An object is removed. */
  DELETE,
  /** Objects are listed, on however many pages, or the store is probed. */
  LIST;

  /** Its name in metrics: {@code put}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
