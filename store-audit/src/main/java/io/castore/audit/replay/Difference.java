package io.castore.audit.replay;

import java.util.Arrays;

/**
 * One thing that is not as the topics say.
 *
 * @param kind what is the matter
 * @param subject an upload's id, or an object's key
 * @param detail more of it, for people
 */
public record Difference(Kind kind, String subject, String detail) {
  /** What is the matter. In the order of the report. */
  public enum Kind {
    /** The state that was told of an upload does not follow from its records. */
    UPLOAD_STATE('a', true),
    /** An upload is COMPLETE, and the log does not tell all of its chunks. */
    UPLOAD_CHUNKS('b', true),
    /** The records of an upload say how it ends, and no status says so yet. */
    UPLOAD_UNFINISHED('c', false),
    /** There is no object of a blob. */
    BLOB_MISSING('d', true),
    /** The object of a blob has other bytes than any upload of it makes. */
    BLOB_DIFFERENT('e', true),
    /** There is no object of a chunk that a blob needs. */
    CHUNK_MISSING('f', true),
    /** An object is there that no upload of the log made. */
    EXTRA('g', false),
    /** An object is there that an upload made, and that no blob needs. */
    UNREFERENCED('h', false);

    private final char place;
    private final boolean isFault;

    Kind(char place, boolean isFault) {
      this.place = place;
      this.isFault = isFault;
    }

    /** Sorts the kinds in a report. */
    char place() {
      return place;
    }

    static Kind at(char place) {
      return Arrays.stream(values()).filter(kind -> kind.place == place).findFirst().orElseThrow();
    }

    /** Whether it means that something is lost or wrong. */
    public boolean isFault() {
      return isFault;
    }
  }
}
