package io.castore.content.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Iterator;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects as files below a directory, each at its key. An object is written under a temporary
 * name, synced, renamed to its place, and then its directory is synced: what a call returned for
 * survives a loss of power.
 *
 * <p>{@link #putIfAbsent} gives the file its place with a hard link, which fails where there is a
 * file already: so it holds among all processes that share the directory. Where the file system has
 * no hard links it is refused.
 *
 * <p>A key cannot be another key's directory: beside an object {@code a} there is no {@code a/b}.
 * Names that are no keys are left alone and not listed.
 *
 * <p>Safe for use by many threads, and beside other processes on the same directory.
 */
public final class FileObjectStore implements ObjectStore {
  private final Path root;
  private final String url;
  private final DurableDirectories directories;
  private final FileFailures failures;
  private final TemporaryFiles temporaries;
  private final FolderNames folderNames;

  private FileObjectStore(StoreUrl.Directory directory, Clock clock) {
    root = directory.path();
    url = directory.toString();
    directories = new DurableDirectories(root);
    failures = new FileFailures(url, root);
    temporaries = new TemporaryFiles(root, directories, failures);
    folderNames = new FolderNames(clock);
  }

  /**
   * Opens a directory, which the first write makes if it is missing, and removes temporary files
   * that killed processes left there more than a day ago.
   */
  public static FileObjectStore open(StoreUrl.Directory directory) {
    return open(directory, Clock.systemUTC());
  }

  static FileObjectStore open(StoreUrl.Directory directory, Clock clock) {
    FileObjectStore store = new FileObjectStore(directory, clock);
    store.temporaries.removeAbandoned(clock);
    return store;
  }

  @Override
  public String url() {
    return url;
  }

  /** {@inheritDoc} A directory that is missing is fine, as long as its place is free. */
  @Override
  public void probe() throws IOException {
    try (DirectoryStream<Path> entries = openDirectory("open", "")) {
      if (entries != null) {
        hasNext("open", entries.iterator());
      }
    }
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    Path file = pathOf(key);
    try {
      BasicFileAttributes attributes = attributes(file);
      return attributes == null
          ? Optional.empty()
          : Optional.of(new FileBody(Files.newInputStream(file), attributes.size()));
    } catch (IOException failure) {
      if (failures.meansAbsent(file, failure)) {
        // Removed since its attributes were read.
        return Optional.empty();
      }
      throw failures.explain("read " + key, file, failure);
    }
  }

  @Override
  public Optional<ObjectInfo> stat(String key) throws IOException {
    Path file = pathOf(key);
    try {
      return Optional.ofNullable(attributes(file)).map(attributes -> infoOf(key, attributes));
    } catch (IOException failure) {
      throw failures.explain("look up " + key, file, failure);
    }
  }

  private static ObjectInfo infoOf(String key, BasicFileAttributes attributes) {
    return new ObjectInfo(key, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** Gives what is known of an object's file, or null where there is none. */
  private @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile() ? attributes : null;
    } catch (IOException failure) {
      if (failures.meansAbsent(file, failure)) {
        return null;
      }
      throw failure;
    }
  }

  @Override
  public void put(String key, ObjectBody body) throws IOException {
    Path target = pathOf(key);
    Path temporary = temporaries.write(key, body);
    try {
      place(target, () -> Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE));
    } catch (IOException failure) {
      temporaries.remove(temporary);
      throw failures.explain("put " + key, target, failure);
    }
  }

  @Override
  public boolean putIfAbsent(String key, ObjectBody body) throws IOException {
    Path target = pathOf(key);
    if (stat(key).isPresent()) {
      return existing(key, target);
    }
    Path temporary = temporaries.write(key, body);
    try {
      place(target, () -> Files.createLink(target, temporary));
      return true;
    } catch (FileAlreadyExistsException there) {
      return existing(key, target);
    } catch (UnsupportedOperationException unsupported) {
      throw withoutLinks(key, unsupported);
    } catch (FileSystemException failure) {
      throw saysNoLinks(failure)
          ? withoutLinks(key, failure)
          : failures.explain("put " + key, target, failure);
    } catch (IOException failure) {
      throw failures.explain("put " + key, target, failure);
    } finally {
      temporaries.remove(temporary);
    }
  }

  /** Answers for an object of somebody else's, who may not have come to the sync yet. */
  private boolean existing(String key, Path target) throws IOException {
    try {
      if (!Files.isRegularFile(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      DurableDirectories.sync(parentOf(target));
      return false;
    } catch (IOException failure) {
      throw failures.explain("put " + key, target, failure);
    }
  }

  private static boolean saysNoLinks(FileSystemException failure) {
    String reason = String.valueOf(failure.getReason()).toLowerCase(Locale.ROOT);
    return reason.contains("not permitted")
        || reason.contains("not supported")
        || reason.contains("not implemented");
  }

  private StoreRefusedException withoutLinks(String key, Exception cause) {
    return new StoreRefusedException(
        url
            + ": put "
            + key
            + ": the file system has no hard links (expected: one that has, such as ext4, xfs,"
            + " btrfs, zfs, apfs, ntfs or nfs)",
        cause);
  }

  private void place(Path target, Placement placement) throws IOException {
    Path directory = parentOf(target);
    directories.make(directory);
    try {
      placement.run();
    } catch (NoSuchFileException directoryGone) {
      directories.forget();
      directories.make(directory);
      placement.run();
    }
    DurableDirectories.sync(directory);
  }

  /** {@inheritDoc} Directories stay, empty ones too: another writer may be about to use one. */
  @Override
  public void delete(String key) throws IOException {
    Path file = pathOf(key);
    try {
      if (attributes(file) != null) {
        Files.deleteIfExists(file);
      }
      // Also where there is none: who removed it may not have come to the sync yet.
      DurableDirectories.sync(parentOf(file));
    } catch (IOException failure) {
      if (!failures.meansAbsent(file, failure)) {
        throw failures.explain("delete " + key, file, failure);
      }
    }
  }

  @Override
  public void list(String keyPrefix, Visitor visitor) throws IOException {
    ObjectKeys.requirePrefix(keyPrefix);
    String folder = keyPrefix.substring(0, keyPrefix.lastIndexOf('/') + 1);
    String start = keyPrefix.substring(folder.length());
    if (!start.isEmpty()) {
      // Likely one part of many.
      Optional<NavigableSet<String>> names =
          folderNames.startingWith(
              root.resolve(folder), start, sink -> readNames(folder, sink::take));
      if (names.isPresent()) {
        for (String name : names.get()) {
          visit(folder + name, visitor);
        }
        return;
      }
    }
    readNames(
        folder,
        name -> {
          if (name.startsWith(start)) {
            visit(folder + name, visitor);
          }
          return true;
        });
  }

  /** Takes names. */
  @FunctionalInterface
  private interface NameSink {
    /** Takes one, and tells whether it wants more. */
    boolean take(String name) throws IOException;
  }

  /** Reads the names in {@code folder}, which is empty or ends with a slash. */
  private void readNames(String folder, NameSink sink) throws IOException {
    String operation = "list " + folder;
    try (DirectoryStream<Path> entries = openDirectory(operation, folder)) {
      if (entries == null) {
        return;
      }
      Iterator<Path> files = entries.iterator();
      boolean wantsMore = true;
      while (wantsMore && hasNext(operation, files)) {
        Path name = files.next().getFileName();
        if (name != null && ObjectKeys.isPart(name.toString())) {
          wantsMore = sink.take(name.toString());
        }
      }
    }
  }

  /** Gives a directory's entries, or null where it is missing. */
  @SuppressWarnings("StreamResourceLeak") // Both callers close it.
  private @Nullable DirectoryStream<Path> openDirectory(String operation, String folder)
      throws IOException {
    Path directory = root.resolve(folder);
    try {
      return Files.newDirectoryStream(directory);
    } catch (IOException failure) {
      // A path within the directory, so that the directory itself is looked at too.
      Path within = directory.resolve(TemporaryFiles.NAME);
      if (failures.meansAbsent(within, failure)) {
        return null;
      }
      throw failures.explain(operation, within, failure);
    }
  }

  private boolean hasNext(String operation, Iterator<Path> files) throws IOException {
    try {
      return files.hasNext();
    } catch (DirectoryIteratorException failure) {
      IOException cause = failure.getCause();
      throw failures.explain(
          operation, root.resolve(TemporaryFiles.NAME), cause == null ? new IOException() : cause);
    }
  }

  /** Visits an object, or all that lie in a directory. */
  private void visit(String key, Visitor visitor) throws IOException {
    if (Files.isDirectory(root.resolve(key))) {
      String folder = key + "/";
      readNames(
          folder,
          name -> {
            visit(folder + name, visitor);
            return true;
          });
      return;
    }
    Optional<ObjectInfo> object = stat(key);
    if (object.isPresent()) {
      visitor.visit(object.get());
    }
  }

  @Override
  public void close() {}

  private Path pathOf(String key) {
    return root.resolve(ObjectKeys.require(key));
  }

  private Path parentOf(Path target) {
    Path parent = target.getParent();
    return parent == null ? root : parent;
  }

  @FunctionalInterface
  private interface Placement {
    Object run() throws IOException;
  }
}
