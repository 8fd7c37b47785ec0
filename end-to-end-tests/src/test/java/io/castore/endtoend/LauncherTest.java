package io.castore.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which JVM the script {@code castore} starts, and with which options. The JDKs are fakes, and so
 * new that none of the machine's own, which the script sees too, is newer.
 */
final class LauncherTest {
  private static final Path LAUNCHER =
      Path.of(System.getProperty("basedir", "."), "..", "castore").toAbsolutePath();
  private static final String[] VECTOR_OPTIONS = {"--add-modules", "jdk.incubator.vector"};

  @TempDir private Path directory;

  /** What the script's environment has beside {@code HOME} and {@code PATH}. */
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void makeBuiltProject() throws IOException {
    Path built = Files.createDirectories(project().resolve("castore-cli/target/castore"));
    Files.createFile(built.resolveSibling("castore-cli-1.jar"));
    Files.writeString(built.resolve("classpath"), "@lib@/a.jar:@lib@/b.jar");
    Files.copy(LAUNCHER, project().resolve("castore"));
    Files.createDirectories(path());
  }

  @Test
  void shouldTakeNewestOfUsualPlaces() throws IOException {
    FakeJdk.create(home().resolve(".jdks/openjdk-98"), "98.0.2");
    FakeJdk newest = FakeJdk.create(home().resolve(".sdkman/candidates/java/a b"), "99.0.1");
    FakeJdk.create(home().resolve(".jdks/zulu-97"), "97");
    assertStarts(newest);
  }

  @Test
  void shouldTakeJavaOnPathWhenNoneIsNewer() throws IOException {
    FakeJdk.create(home().resolve(".jdks/other"), "99.0.2");
    FakeJdk onPath = putOnPath(FakeJdk.create(directory.resolve("on-path"), "99.0.1"));
    assertStarts(onPath);
  }

  @Test
  void shouldTakeNewerThanJavaOnPath() throws IOException {
    putOnPath(FakeJdk.create(directory.resolve("on-path"), "98"));
    assertStarts(FakeJdk.create(home().resolve(".jdks/newer"), "99"));
  }

  @Test
  void shouldTakeJavaHomeThoughOthersAreNewer() throws IOException {
    FakeJdk.create(home().resolve(".jdks/newer"), "99");
    assertStarts(setJavaHome(FakeJdk.create(directory.resolve("chosen"), "17.0.15")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_VERSION=\"99-ea\"", "JAVA_RUNTIME_VERSION=\"99-ea+3-120\""})
  void shouldPassOverEarlyAccessInUsualPlaces(String line) throws IOException {
    FakeJdk.create(home().resolve(".jdks/early"), "99").withRelease("JAVA_VERSION=\"99\"", line);
    assertStarts(FakeJdk.create(home().resolve(".jdks/released"), "98"));
  }

  @Test
  void shouldTakeEarlyAccessOnPath() throws IOException {
    FakeJdk.create(home().resolve(".jdks/released"), "98");
    assertStarts(putOnPath(FakeJdk.create(directory.resolve("early"), "99-ea")));
  }

  @Test
  void shouldPassOverWhatIsNoJdk() throws IOException {
    FakeJdk.create(home().resolve(".jdks/sources"), "99").without("bin/java");
    FakeJdk.create(home().resolve(".jdks/nameless"), "99").without("release");
    FakeJdk.create(home().resolve(".jdks/odd"), "99").withRelease("JAVA_VERSION=\"unknown\"");
    assertStarts(FakeJdk.create(home().resolve(".jdks/whole"), "98"));
  }

  @Test
  void shouldAskJavaItselfWhenItHasNoReleaseFile() throws IOException {
    FakeJdk bare = putOnPath(FakeJdk.create(directory.resolve("bare"), "99").without("release"));
    CommandResult cat = castore("cat", "x").endedWith(0);
    assertThat(cat.lines()).startsWith(bare.java().toString()).doesNotContain(VECTOR_OPTIONS);
  }

  @Test
  void shouldFindTheJdkBehindAnotherProgram() throws IOException {
    FakeJdk behind = FakeJdk.create(directory.resolve("behind"), "99");
    FakeJdk.write(path().resolve("java"), "#!/bin/sh\nexec '" + behind.java() + "' \"$@\"\n");
    assertStarts(behind);
  }

  @Test
  void shouldRefuseJavaThatIsTooOld() throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("old"), "1.8.0_402"));
    assertThat(castore("help").endedWith(2).err())
        .isEqualTo("castore: Java is version 8 (expected: 17 or newer; set JAVA_HOME)\n");
  }

  @Test
  void shouldNameJavaHomeWhenNoneIsThere() throws IOException {
    variables.put("JAVA_HOME", "/nowhere");
    assertThat(castore("help").endedWith(2).err())
        .startsWith("castore: no Java found in JAVA_HOME: /nowhere (expected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "cat", "restore", "serve", "bench"})
  void shouldAddVectorModuleForCommandsThatHash(String command) throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17.0.15"));
    assertThat(castore(command, "x").endedWith(0).lines()).containsSequence(VECTOR_OPTIONS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stat cat", "uploads", "help ingest", "ingest --help", "cat -h", ""})
  void shouldNotAddVectorModuleForOtherCommands(String arguments) throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17.0.15"));
    assertThat(castore(arguments.split(" ")).endedWith(0).lines()).doesNotContain(VECTOR_OPTIONS);
  }

  @Test
  void shouldNotAddVectorModuleWhenJdkHasNone() throws IOException {
    setJavaHome(
        FakeJdk.create(directory.resolve("small"), "17")
            .withRelease("JAVA_VERSION=\"17\"", "MODULES=\"java.base jdk.incubator.vectors\""));
    assertThat(castore("ingest", "x").endedWith(0).lines()).doesNotContain(VECTOR_OPTIONS);
  }

  @Test
  void shouldAllowNativesWhereTheJvmWouldWarn() throws IOException {
    String[] options = {
      "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"
    };
    setJavaHome(FakeJdk.create(directory.resolve("new"), "24"));
    assertThat(castore("help").endedWith(0).lines()).contains(options);
    setJavaHome(FakeJdk.create(directory.resolve("old"), "23.0.1"));
    assertThat(castore("help").endedWith(0).lines()).doesNotContain(options);
  }

  @Test
  void shouldPassOnOptionsAndArguments() throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    variables.put("CASTORE_JAVA_OPTS", "-Xmx1g -Dcastore.blake3=lanes");
    Path target = project().toRealPath().resolve("castore-cli/target");
    String classPath =
        target.resolve("castore-cli-1.jar")
            + (":" + target.resolve("castore/lib/a.jar"))
            + (":" + target.resolve("castore/lib/b.jar"));
    assertThat(castore("stat", "a b", "").endedWith(0).lines())
        .containsSequence("-Xmx1g", "-Dcastore.blake3=lanes", "-cp", classPath)
        .endsWith("io.castore.cli.Main", "stat", "a b", "");
  }

  @Test
  void shouldRunWhatIsBesideItInARelease() throws IOException {
    FakeJdk jdk = setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    Path lib = makeRelease();
    Files.createSymbolicLink(path().resolve("castore"), lib.resolve("../bin/castore"));
    CommandResult cat = run(path().resolve("castore"), "cat", "x").endedWith(0);
    assertThat(cat.lines())
        .startsWith(jdk.java().toString())
        .containsSequence(
            "-cp",
            "%s:%s:%s"
                .formatted(
                    lib.resolve("castore-cli-1.jar"), lib.resolve("a.jar"), lib.resolve("b.jar")))
        .endsWith("io.castore.cli.Main", "cat", "x");
    assertThat(cat.text()).doesNotContain("SharedArchiveFile");
  }

  @Test
  void shouldUseRecordedClassesOfARelease() throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    Path lib = makeRelease();
    Path recorded = Files.write(lib.resolve("castore.jsa"), new byte[1]);
    assertThat(run(lib.resolve("../bin/castore"), "help").endedWith(0).lines())
        .contains("-XX:SharedArchiveFile=" + recorded, "-Xlog:cds=off");
  }

  @Test
  void shouldUseClassesRecordedOnTheJdkThatRunsIt() throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    assertThat(castore("help").endedWith(0).err()).contains("quick starts on JDK 17, once");
    CommandResult help = castore("help").endedWith(0);
    assertThat(help.err()).as("tried once").isEmpty();
    assertThat(help.text()).as("none was recorded").doesNotContain("SharedArchiveFile");

    Path recorded =
        Files.write(project().resolve("castore-cli/target/castore-17.jsa"), new byte[1]);
    assertThat(castore("help").endedWith(0).lines())
        .contains("-XX:SharedArchiveFile=" + recorded, "-Xlog:cds=off");

    Files.setLastModifiedTime(recorded, FileTime.from(Instant.EPOCH));
    help = castore("help").endedWith(0);
    assertThat(help.err()).as("its jars are newer").contains("quick starts on JDK 17, once");
    assertThat(help.text()).doesNotContain("SharedArchiveFile");
    assertThat(castore("help").endedWith(0).err()).as("tried once").isEmpty();
  }

  @Test
  void shouldBuildFirstWithTheJdkThatRunsIt() throws IOException {
    FakeJdk jdk = setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    forgetBuild("echo built with $JAVA_HOME");
    CommandResult help = castore("help").endedWith(0);
    assertThat(help.lines()).startsWith(jdk.java().toString());
    assertThat(buildLog()).isEqualTo("built with " + jdk.directory() + "\n");
  }

  @Test
  void shouldBuildWithNewestCompilerWhenTheRuntimeHasNone() throws IOException {
    FakeJdk runtime = FakeJdk.create(home().resolve(".jdks/a"), "99").without("bin/javac");
    FakeJdk jdk = FakeJdk.create(home().resolve(".jdks/b"), "98");
    forgetBuild("echo built with $JAVA_HOME");
    assertStarts(runtime);
    assertThat(buildLog()).isEqualTo("built with " + jdk.directory() + "\n");
  }

  @Test
  void shouldShowTheLogWhenTheBuildFails() throws IOException {
    setJavaHome(FakeJdk.create(directory.resolve("jdk"), "17"));
    forgetBuild("echo no network; exit 1");
    CommandResult help = castore("help").endedWith(1);
    assertThat(help.err()).endsWith("no network\ncastore: the build failed\n");
    assertThat(help.out()).isEmpty();
  }

  private void assertStarts(FakeJdk jdk) throws IOException {
    CommandResult ingest = castore("ingest", "x").endedWith(0);
    assertThat(ingest.lines())
        .startsWith(jdk.java().toString())
        .containsSequence(VECTOR_OPTIONS)
        .endsWith("io.castore.cli.Main", "ingest", "x");
  }

  private CommandResult castore(String... arguments) throws IOException {
    return run(project().resolve("castore"), arguments);
  }

  private CommandResult run(Path launcher, String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = launcher.toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("HOME", home().toString());
    builder.environment().put("PATH", path() + ":" + System.getenv("PATH"));
    builder.environment().putAll(variables);
    try (CastoreProcess process =
        CastoreProcess.start("castore " + String.join(" ", arguments), builder)) {
      process.endInput();
      return process.awaitEnd();
    }
  }

  /** Makes the project one that was never built, with this for its {@code mvnw}. */
  private void forgetBuild(String build) throws IOException {
    Path classPath = project().resolve("castore-cli/target/castore/classpath");
    Files.delete(classPath);
    FakeJdk.write(
        project().resolve("mvnw"),
        "#!/bin/sh\n" + build + "\necho @lib@/a.jar >'" + classPath + "'\n");
  }

  /** Makes an unpacked release, and tells where its jars are. */
  private Path makeRelease() throws IOException {
    Path release = Files.createDirectories(directory.resolve("a release")).toRealPath();
    Path lib = Files.createDirectories(release.resolve("lib"));
    Files.createFile(lib.resolve("castore-cli-1.jar"));
    Files.writeString(lib.resolve("classpath"), "@lib@/a.jar:@lib@/b.jar");
    Files.copy(LAUNCHER, Files.createDirectories(release.resolve("bin")).resolve("castore"));
    return lib;
  }

  private String buildLog() throws IOException {
    return Files.readString(project().resolve("castore-cli/target/build.log"));
  }

  private FakeJdk setJavaHome(FakeJdk jdk) {
    variables.put("JAVA_HOME", jdk.directory().toString());
    return jdk;
  }

  /** As Linux distributions do it: by links in two steps, one of them relative. */
  private FakeJdk putOnPath(FakeJdk jdk) throws IOException {
    Path alternatives = Files.createDirectories(directory.resolve("alternatives"));
    Files.createSymbolicLink(alternatives.resolve("java"), jdk.java());
    Files.createSymbolicLink(path().resolve("java"), Path.of("..", "alternatives", "java"));
    return jdk;
  }

  private Path project() {
    return directory.resolve("a project");
  }

  private Path home() {
    return directory.resolve("home");
  }

  private Path path() {
    return directory.resolve("bin");
  }
}
