package io.castore.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDK that benchmarks run on.
 *
 * @param home its directory
 * @param feature its feature release, such as 17
 * @param version its whole version and who built it, to be shown to people
 */
record Jdk(Path home, int feature, String version) {
  /** The newest release of which the natives and JMH give no warnings without options. */
  private static final int LAST_WITHOUT_WARNINGS = 23;

  /**
   * Asks the JDK in a directory.
   *
   * @throws IOException if there is none
   */
  static Jdk at(Path home) throws IOException, InterruptedException {
    Path resolved = home.toRealPath();
    String properties =
        Command.run(List.of(java(resolved).toString(), "-XshowSettings:properties", "-version"))
            .orElseThrow(() -> new IOException(home + ": no JDK (expected: bin/java in it)"));
    return new Jdk(
        resolved,
        Integer.parseInt(property("java.specification.version", properties)),
        property("java.vm.version", properties) + ", " + property("java.vendor", properties));
  }

  /** Gives the JDK that runs this. */
  static Jdk own() throws IOException, InterruptedException {
    return at(Path.of(System.getProperty("java.home", "")));
  }

  Path java() {
    return java(home);
  }

  /** Gives the options that the command castore runs with, and a heap that no row fills. */
  List<String> options() {
    List<String> options = new ArrayList<>(List.of("-XX:+UseParallelGC", "-Xms1g", "-Xmx1g"));
    if (feature > LAST_WITHOUT_WARNINGS) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options;
  }

  private static Path java(Path home) {
    return home.resolve("bin").resolve("java");
  }

  private static String property(String name, String properties) throws IOException {
    Matcher line =
        Pattern.compile("^ *" + Pattern.quote(name) + " = (.*)$", Pattern.MULTILINE)
            .matcher(properties);
    if (!line.find()) {
      throw new IOException("property " + name + ": none (expected: one in each JDK)");
    }
    return line.group(1).strip();
  }
}
