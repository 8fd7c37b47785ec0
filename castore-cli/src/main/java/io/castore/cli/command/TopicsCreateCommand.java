package io.castore.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.castore.cli.system.CastoreSystem;
import io.castore.feeds.watch.NotificationTopic;
import io.castore.pipeline.config.CastoreConfig;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** Makes topics before a service needs them. */
@Command(
    name = "create",
    description = {
      "Makes the topics of the pipeline that are missing, and that of watch.topic where it is set, and checks those that"
          + " are there: a setting under which data could be lost ends it with exit code 3. Prints each topic with its"
          + " number of partitions.",
      "",
      "Every service does this when it starts. Done beforehand, it lets services start that may not make topics, and"
          + " lets an S3 service send events at once."
    })
final class TopicsCreateCommand extends CastoreCommand {
  private final Output output;

  TopicsCreateCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    try (CastoreSystem system = CastoreSystem.openQuiet(options().config(), "topics create")) {
      Map<String, Integer> partitions = new TreeMap<>(system.topics());
      CastoreConfig config = system.config();
      Optional<String> watched = config.watch().topic();
      if (watched.isPresent()) {
        partitions.put(watched.get(), NotificationTopic.require(config, watched.get()));
      }
      for (Map.Entry<String, Integer> topic : partitions.entrySet()) {
        if (options().json()) {
          output.result(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("topic", topic.getKey())
                  .put("partitions", topic.getValue()));
        } else {
          output.result("%5d  %s".formatted(topic.getValue(), topic.getKey()));
        }
      }
      output.flush();
    }
    return ExitCode.DONE;
  }
}
