package io.castore.gc;

import io.castore.content.digest.Digest;

/** Is told how a collection comes along. Called by the thread that runs it. */
public interface CollectionListener {
  /** Is told of nothing. */
  CollectionListener SILENT = new CollectionListener() {};

  /** What is done now, for people. */
  default void at(String step) {}

  /**
   * How far the step is.
   *
   * @param done how many of what the step is about
   */
  default void progress(long done) {}

  /** How many records have to be read before orders are carried out. */
  default void waiting(long records) {}

  /** A rule of retention drops a blob. */
  default void dropped(Digest blob, String reason) {}

  /**
   * An object that was to be removed is still there, and nothing referred to it.
   *
   * @param key its key in the store
   */
  default void notRemoved(String key) {}
}
