package io.castore.cli.files;

import java.nio.file.attribute.BasicFileAttributes;

/** What lies under a name in a directory. */
public enum FileKind {
  REGULAR_FILE("file"),
  DIRECTORY("directory"),
  SYMBOLIC_LINK("symbolic link"),
  NAMED_PIPE("named pipe"),
  SOCKET("socket"),
  CHARACTER_DEVICE("character device"),
  BLOCK_DEVICE("block device"),
  /** None of the above, or one of the last four where the platform does not tell which. */
  SPECIAL_FILE("special file");

  private static final int TYPE_MASK = 0170000;

  private final String text;

  FileKind(String text) {
    this.text = text;
  }

  /** Reads the kind from {@code st_mode}, whose values POSIX leaves open but all Unixes share. */
  static FileKind ofMode(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> REGULAR_FILE;
      case 0040000 -> DIRECTORY;
      case 0120000 -> SYMBOLIC_LINK;
      case 0010000 -> NAMED_PIPE;
      case 0140000 -> SOCKET;
      case 0020000 -> CHARACTER_DEVICE;
      case 0060000 -> BLOCK_DEVICE;
      default -> SPECIAL_FILE;
    };
  }

  /** Reads the kind from what every platform tells. */
  static FileKind of(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return REGULAR_FILE;
    }
    if (attributes.isDirectory()) {
      return DIRECTORY;
    }
    return attributes.isSymbolicLink() ? SYMBOLIC_LINK : SPECIAL_FILE;
  }

  /** Names the kind in a few English words, to follow "a". */
  @Override
  public String toString() {
    return text;
  }
}
