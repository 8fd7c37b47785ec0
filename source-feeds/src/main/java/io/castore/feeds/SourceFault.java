package io.castore.feeds;

/** Why a source could not be read. */
public enum SourceFault {
  /** It is not there any more. */
  VANISHED("vanished"),
  /** It is there, and is not given to us. */
  DENIED("denied"),
  /** We are not known to the service, or it is none: nothing can be read from it. */
  REFUSED("refused"),
  /** Something that may pass, or that is not the source's. */
  TEMPORARY("temporary");

  private final String text;

  SourceFault(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
