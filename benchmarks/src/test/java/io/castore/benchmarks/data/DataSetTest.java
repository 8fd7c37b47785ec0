package io.castore.benchmarks.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSetTest {
  private static final int BYTES = 1000;

  @TempDir private Path directory;
  private Path jdkHome;
  private Path project;

  @BeforeEach
  void makeOrigins() throws IOException {
    jdkHome = directory.resolve("jdk");
    project = directory.resolve("project");
    write(jdkHome.resolve("lib").resolve("modules"), "classes");
    write(jdkHome.resolve("lib").resolve("libjvm.so"), "machine code ");
    write(project.resolve("module").resolve("src").resolve("Ours.java"), "class Ours {}");
    write(project.resolve("module").resolve("target").resolve("Built.java"), "class Built {}");
  }

  @Test
  void shouldTakeTheProjectsSourcesWhereTheJdkHasNone() throws IOException {
    DataSet made = make();

    assertThat(content(DataKind.TEXT)).startsWith("class Ours {}class Ours {}").hasSize(BYTES);
    assertThat(content(DataKind.TEXT)).doesNotContain("Built");
    assertThat(made.origins().get(DataKind.TEXT)).contains("project");
  }

  @Test
  void shouldTakeTheSourcesOfTheJdk() throws IOException {
    Path archive = jdkHome.resolve("lib").resolve("src.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      add(zip, "java.base/java/lang/Object.java", "class Object {}");
      add(zip, "java.base/README.txt", "not Java");
    }

    DataSet made = make();

    assertThat(content(DataKind.TEXT)).startsWith("class Object {}class Object {}").hasSize(BYTES);
    assertThat(content(DataKind.TEXT)).doesNotContain("not Java");
    assertThat(made.origins().get(DataKind.TEXT)).contains("jdk");
  }

  @Test
  void shouldTakeLibrariesBeforeClasses() throws IOException {
    make();

    assertThat(content(DataKind.BINARY)).startsWith("machine code classes").hasSize(BYTES);
  }

  @Test
  void shouldMakeTheSameRandomBytesEachTime() throws IOException {
    make();
    byte[] first = Files.readAllBytes(directory.resolve(DataKind.RANDOM.fileName()));
    make();

    assertThat(directory.resolve(DataKind.RANDOM.fileName())).hasBinaryContent(first);
    assertThat(first).hasSize(BYTES);
  }

  private DataSet make() throws IOException {
    return DataSet.write(directory, BYTES, List.of(jdkHome), project);
  }

  private String content(DataKind kind) throws IOException {
    return Files.readString(directory.resolve(kind.fileName()), US_ASCII);
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(US_ASCII));
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, content);
  }
}
