package io.castore.query.access;

/** What a caller may do. */
public enum Scope {
  /** Ask for anything. */
  READ,
  /** Store content. */
  WRITE
}
