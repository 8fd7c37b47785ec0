package io.castore.cli.command;

import io.castore.blobs.ServiceErrorException;
import io.castore.blobs.ServiceUnavailableException;
import io.castore.broker.BrokerStartException;
import io.castore.cli.system.DataDirInUseException;
import io.castore.content.objectstore.StoreRefusedException;
import io.castore.content.objectstore.StoreUnavailableException;
import io.castore.ingest.PipelineUnavailableException;
import io.castore.pipeline.cluster.StoreMismatchException;
import io.castore.pipeline.cluster.TopicMismatchException;
import io.castore.pipeline.config.InvalidConfigException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Makes what a command throws into a line for a person and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private final Output output;

  Failures(Output output) {
    this.output = output;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    output.note(describe(failure));
    if (command.getCommand() instanceof CastoreCommand ours && ours.options().verbose()) {
      failure.printStackTrace(command.getErr());
    }
    return exitCode(failure);
  }

  private static String describe(Exception failure) {
    String message = text(failure);
    // That a client cannot be made is said without the reason, which is most often a setting.
    return failure instanceof KafkaException
            && failure.getCause() instanceof ConfigException setting
            && !message.contains(text(setting))
        ? message + ": " + text(setting)
        : message;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  static int exitCode(Exception failure) {
    if (failure instanceof InvalidConfigException) {
      return ExitCode.USAGE;
    }
    boolean unusable =
        failure instanceof KafkaException
            || failure instanceof PipelineUnavailableException
            || failure instanceof ServiceUnavailableException
            || (failure instanceof ServiceErrorException error && error.isAboutAccess())
            || failure instanceof StoreUnavailableException
            || failure instanceof StoreRefusedException
            || failure instanceof StoreMismatchException
            || failure instanceof TopicMismatchException
            || failure instanceof BrokerStartException
            || failure instanceof DataDirInUseException;
    return unusable ? ExitCode.UNREACHABLE : ExitCode.FAILED;
  }
}
