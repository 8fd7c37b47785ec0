package io.castore.cli.files;

import io.castore.cli.files.Found.Failed;
import io.castore.cli.files.Found.RegularFile;
import io.castore.cli.files.Found.Skipped;
import io.castore.cli.files.Found.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the files that a person named, one by one and by the directory. {@code docs/files.md} lists
 * what becomes of each kind of file.
 *
 * <p>The order is that of the arguments, and below each, depth first, that of the names' bytes.
 * Memory holds at most {@value #PAGE_NAMES} names of a directory, and five times as many in all,
 * however many files there are: past that, directories are read again.
 *
 * <p>Immutable, and so safe for use by many threads.
 */
public final class SourceTree {
  /** Takes what a walk finds. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /** Takes the next find; an exception ends the walk and reaches its caller. */
    void visit(Found found) throws E;
  }

  static final int PAGE_NAMES = 32_768;

  // Wide directories seldom lie within each other, and one that is read again costs time.
  private static final int PAGES_HELD = 4;

  private static final char REPLACEMENT = '\uFFFD';

  private final List<Path> leftOut;
  private final int pageNames;

  SourceTree(List<Path> leftOut, int pageNames) {
    this.leftOut = List.copyOf(leftOut);
    this.pageNames = pageNames;
  }

  /**
   * Makes a walk that skips some directories under whatever name it meets them, such as the one
   * that the command itself writes to.
   *
   * @param leftOut directories, which need not exist
   */
  public static SourceTree leavingOut(Path... leftOut) {
    return new SourceTree(List.of(leftOut), PAGE_NAMES);
  }

  /**
   * Visits every file that the arguments name. Files that come or go meanwhile are visited or not;
   * a trouble with one is told to the visitor and does not keep it from the others.
   *
   * @param arguments paths as they were typed; {@code -} has no special meaning here
   * @throws E if the visitor throws it
   */
  public <E extends Exception> void walk(List<String> arguments, Visitor<E> visitor) throws E {
    Set<Object> keysLeftOut = keysLeftOut();
    for (String argument : arguments) {
      walkArgument(argument, keysLeftOut, visitor);
    }
  }

  private Set<Object> keysLeftOut() {
    Set<Object> keys = new HashSet<>();
    for (Path directory : leftOut) {
      try {
        Object key = FileFacts.read(directory).key();
        if (key != null) {
          keys.add(key);
        }
      } catch (IOException absent) {
        // What cannot be reached here is not met by the walk either.
      }
    }
    return keys;
  }

  private <E extends Exception> void walkArgument(
      String argument, Set<Object> keysLeftOut, Visitor<E> visitor) throws E {
    if (argument.isEmpty()) {
      visitor.visit(new Failed(new PathText(argument, null), "empty path (expected: a name)"));
      return;
    }
    Path path;
    FileFacts facts;
    try {
      path = Path.of(argument);
      facts = FileFacts.read(path);
    } catch (InvalidPathException unmappable) {
      visitor.visit(new Failed(new PathText(argument, null), invalidPath(unmappable)));
      return;
    } catch (IOException failure) {
      visitor.visit(new Failed(new PathText(argument, null), absence(argument, failure)));
      return;
    }
    switch (facts.kind()) {
      case DIRECTORY -> walkDirectory(path, facts, keysLeftOut, visitor);
      case REGULAR_FILE -> visitor.visit(new RegularFile(path, PathText.of(path), facts.version()));
      case NAMED_PIPE -> visitor.visit(new Stream(path, PathText.of(path)));
      default ->
          visitor.visit(
              new Failed(
                  PathText.of(path),
                  "is a " + facts.kind() + " (expected: a file, a directory or a named pipe)"));
    }
  }

  private static String invalidPath(InvalidPathException failure) {
    return failure.getInput().indexOf('\0') >= 0
        ? "path with a NUL character (expected: none)"
        : "name lost: this process's locale cannot express it (expected: a UTF-8 locale, such as"
            + " LC_ALL=C.UTF-8, or the name of its directory instead)";
  }

  private static String absence(String argument, IOException failure) {
    if (!(failure instanceof NoSuchFileException)) {
      return FailureReason.of(failure);
    }
    if (Files.isSymbolicLink(Path.of(argument))) {
      return "is a symbolic link to something that does not exist";
    }
    // Java decodes arguments before a program sees them, and puts this for bytes that are no text.
    return argument.indexOf(REPLACEMENT) >= 0
        ? "does not exist, or name lost: an argument must be valid UTF-8 (expected: the name of its"
            + " directory instead)"
        : FailureReason.of(failure);
  }

  private <E extends Exception> void walkDirectory(
      Path top, FileFacts topFacts, Set<Object> keysLeftOut, Visitor<E> visitor) throws E {
    Deque<SortedNames> open = new ArrayDeque<>();
    enter(top, topFacts, keysLeftOut, open, visitor);
    while (!open.isEmpty()) {
      SortedNames directory = open.element();
      Optional<Path> entry;
      try {
        entry = directory.next();
      } catch (IOException failure) {
        String reason = "directory cannot be read: " + FailureReason.of(failure);
        visitor.visit(new Failed(PathText.of(directory.directory()), reason));
        open.pop();
        continue;
      }
      if (entry.isEmpty()) {
        open.pop();
      } else {
        walkEntry(entry.get(), keysLeftOut, open, visitor);
      }
    }
  }

  private <E extends Exception> void walkEntry(
      Path path, Set<Object> keysLeftOut, Deque<SortedNames> open, Visitor<E> visitor) throws E {
    FileFacts facts;
    try {
      facts = FileFacts.read(path, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException failure) {
      visitor.visit(new Failed(PathText.of(path), "vanished before it was read"));
      return;
    } catch (IOException failure) {
      visitor.visit(new Failed(PathText.of(path), FailureReason.of(failure)));
      return;
    }
    switch (facts.kind()) {
      case DIRECTORY -> enter(path, facts, keysLeftOut, open, visitor);
      case REGULAR_FILE -> visitor.visit(new RegularFile(path, PathText.of(path), facts.version()));
      default -> visitor.visit(new Skipped(PathText.of(path), "is a " + facts.kind()));
    }
  }

  private <E extends Exception> void enter(
      Path directory,
      FileFacts facts,
      Set<Object> keysLeftOut,
      Deque<SortedNames> open,
      Visitor<E> visitor)
      throws E {
    if (facts.key() != null && keysLeftOut.contains(facts.key())) {
      visitor.visit(new Skipped(PathText.of(directory), "is a directory of this command's own"));
      return;
    }
    if (open.stream().mapToInt(SortedNames::held).sum() > PAGES_HELD * pageNames) {
      open.element().release();
    }
    open.push(new SortedNames(directory, pageNames));
  }
}
