package io.castore.endtoend;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.castore.content.digest.Blake3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The release: its archive is unpacked, and the command run on each JDK that there is. */
@Tag("dist")
final class DistributionTest {
  private static final Path PROJECT = Path.of(System.getProperty("basedir", ".")).resolve("..");

  @TempDir private static Path directory;
  private static Path release;

  @TempDir private Path workingDirectory;

  @BeforeAll
  static void unpack() throws IOException {
    List<Path> archives = files(PROJECT.resolve("castore-cli/target"), "castore-streams-*.tar.gz");
    assertThat(archives).as("what -Pdist made").hasSize(1);
    run(directory, Map.of(), "tar", "xzf", archives.get(0).toRealPath().toString()).endedWith(0);
    List<Path> unpacked = files(directory, "*");
    assertThat(unpacked).as("one directory").hasSize(1);
    release = unpacked.get(0);
  }

  @Test
  void shouldHaveWhatTheClassPathNamesAndNothingElse() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String jar : Files.readString(release.resolve("lib/classpath")).strip().split(":", -1)) {
      expected.add(jar.replace("@lib@/", ""));
    }
    List<String> jars = new ArrayList<>();
    for (Path jar : files(release.resolve("lib"), "*.jar")) {
      jars.add(jar.getFileName().toString());
    }
    assertThat(jars.removeIf(jar -> jar.startsWith("castore-cli-"))).isTrue();
    assertThat(jars).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** As it would be, were there two versions of a jar. */
  @Test
  void shouldHaveNoClassTwice() throws IOException {
    Map<String, List<String>> places = new HashMap<>();
    for (Path jar : files(release.resolve("lib"), "*.jar")) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.endsWith(".class") && name.contains("/"))
            .filter(name -> !name.startsWith("META-INF/"))
            .collect(
                groupingBy(name -> name, mapping(name -> jar.getFileName().toString(), toList())))
            .forEach(
                (name, jars) ->
                    places.computeIfAbsent(name, none -> new ArrayList<>()).addAll(jars));
      }
    }
    places.values().removeIf(jars -> jars.size() == 1);
    assertThat(places).isEmpty();
  }

  @Test
  void shouldCarryItsLicenceAndDocuments() {
    assertThat(release.resolve("LICENSE")).isRegularFile();
    assertThat(release.resolve("README.md")).content().doesNotContain("${");
    assertThat(release.resolve("docs/configuration.md")).isRegularFile();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void shouldTellOfItself(Path jdk) throws IOException {
    assertThat(castore(jdk, "--version").endedWith(0).text()).matches("castore-streams \\d.*\\R");
    assertThat(castore(jdk, "help").endedWith(0).text()).contains("ingest", "serve");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void shouldGiveBackWhatItTook(Path jdk) throws IOException {
    byte[] content = Contents.random(1_000_000, 1);
    Contents.write(workingDirectory.resolve("file"), content);
    castore(jdk, "ingest", "file").endedWith(0);
    assertThat(castore(jdk, "cat", Blake3.hash(content).toHex()).endedWith(0).out())
        .isEqualTo(content);
  }

  /** The JDK of this test, and the others among those that distributions install. */
  static List<Path> jdks() throws IOException {
    List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    Path usual = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(usual)) {
      homes.addAll(files(usual, "*"));
    }
    List<Path> jdks = new ArrayList<>();
    for (Path home : homes) {
      if (Files.isExecutable(home.resolve("bin/java")) && feature(home) >= 17) {
        Path real = home.toRealPath();
        if (!jdks.contains(real)) {
          jdks.add(real);
        }
      }
    }
    return jdks;
  }

  private static int feature(Path home) throws IOException {
    Path description = home.resolve("release");
    if (!Files.isReadable(description)) {
      return 0;
    }
    return Files.readAllLines(description).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  private CommandResult castore(Path jdk, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(release.resolve("bin/castore").toString()));
    command.addAll(List.of(arguments));
    return run(
        workingDirectory, Map.of("JAVA_HOME", jdk.toString()), command.toArray(String[]::new));
  }

  private static CommandResult run(Path in, Map<String, String> variables, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("CASTORE_"));
    builder.environment().putAll(variables);
    try (CastoreProcess process = CastoreProcess.start(String.join(" ", command), builder)) {
      process.endInput();
      return process.awaitEnd();
    }
  }

  private static List<Path> files(Path parent, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(parent, glob)) {
      entries.forEach(found::add);
    }
    return found;
  }
}
