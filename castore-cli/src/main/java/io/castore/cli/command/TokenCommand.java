package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.query.access.NewToken;
import io.castore.query.access.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token for a caller of the service. */
@Command(
    name = "token",
    description = {
      "Makes a bearer token for a caller of the service and prints it, once. The service is to know its hash alone: a"
          + " line for the file that server.tokens.file names, which is printed to standard error, or appended with"
          + " --file. A service that runs takes the line up within seconds."
    })
final class TokenCommand extends CastoreCommand {
  private final Output output;

  @Parameters(
      paramLabel = "NAME",
      description = "Who gets the token: 1 to 64 letters, digits, dots, dashes or underscores.")
  private String name = "";

  @Option(
      names = "--scopes",
      split = ",",
      paramLabel = "SCOPE",
      description = "What it is good for: ${COMPLETION-CANDIDATES}. Default: read.")
  private List<Scope> scopes = List.of(Scope.READ);

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file of tokens, which is made where it is missing.")
  private @Nullable Path file;

  TokenCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    NewToken token = NewToken.generate();
    String line = token.line(name, EnumSet.copyOf(scopes));
    if (file == null) {
      output.note("the line for server.tokens.file: " + line);
    } else {
      Files.write(
          file,
          List.of(line),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    if (options().json()) {
      output.result(
          JsonNodeFactory.instance.objectNode().put("token", token.token()).put("line", line));
    } else {
      output.result(token.token());
    }
    output.flush();
    return ExitCode.DONE;
  }
}
