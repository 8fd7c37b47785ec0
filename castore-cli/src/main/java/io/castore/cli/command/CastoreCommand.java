package io.castore.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What all commands have. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
abstract class CastoreCommand implements Callable<Integer> {
  @Mixin private GlobalOptions options = new GlobalOptions();

  final GlobalOptions options() {
    return options;
  }
}
