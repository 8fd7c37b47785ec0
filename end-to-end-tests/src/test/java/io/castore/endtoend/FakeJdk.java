package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that looks like a JDK. Its {@code java} prints what it was started with: its own
 * path, and each argument in a line.
 *
 * @param directory the value that {@code JAVA_HOME} would have
 */
record FakeJdk(Path directory) {
  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = -XshowSettings:properties ]; then
        printf '    java.home = %%s\\n' '%s' >&2
        printf '    java.specification.version = %%s\\n' '%s' >&2
        exit
      fi
      printf '%%s\\n' "$0" "$@"
      """;

  /** Makes one of this version, with a compiler, the vector API and a release file. */
  static FakeJdk create(Path directory, String version) throws IOException {
    Path programs = Files.createDirectories(directory.resolve("bin"));
    write(programs.resolve("java"), JAVA.formatted(directory, version));
    write(programs.resolve("javac"), "#!/bin/sh\n");
    return new FakeJdk(directory)
        .withRelease(
            "IMPLEMENTOR=\"Nobody\"",
            "JAVA_RUNTIME_VERSION=\"" + version + "+1\"",
            "JAVA_VERSION=\"" + version + "\"",
            "MODULES=\"java.base jdk.incubator.vector jdk.zipfs\"");
  }

  /** Gives it another release file. */
  FakeJdk withRelease(String... lines) throws IOException {
    Files.writeString(directory.resolve("release"), String.join("\n", lines) + "\n");
    return this;
  }

  /** Takes a file of it away. */
  FakeJdk without(String file) throws IOException {
    Files.delete(directory.resolve(file));
    return this;
  }

  Path java() {
    return directory.resolve("bin").resolve("java");
  }

  /** Writes a program for the shell. */
  static void write(Path program, String text) throws IOException {
    Files.writeString(program, text);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }
}
