package io.castore.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Writes a result as one JSON object. Names of figures end with their unit. */
final class BenchJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BenchJson() {}

  static ObjectNode of(BenchResult result) {
    ObjectNode object = JSON.objectNode();
    object.set("machine", machine(result.machine()));
    object.set("first", corpus(result.first()));
    result.second().ifPresent(second -> object.set("second", corpus(second)));
    object.set("floors", floors(result.floors()));
    ObjectNode phases = object.putObject("phases");
    result
        .spreads()
        .forEach(
            (phase, figures) -> {
              ObjectNode ofPhase = phases.putObject(phase.toString());
              figures.forEach(
                  (name, spread) ->
                      ofPhase
                          .putObject(name)
                          .put("median", spread.median())
                          .put("least", spread.least())
                          .put("most", spread.most()));
            });
    ArrayNode rounds = object.putArray("rounds");
    for (Map<Phase, Figures> round : result.rounds()) {
      ObjectNode ofRound = rounds.addObject();
      round.forEach(
          (phase, figures) -> {
            ObjectNode ofPhase = ofRound.putObject(phase.toString());
            figures.values().forEach(ofPhase::put);
          });
    }
    return object;
  }

  private static ObjectNode machine(MachineFacts machine) {
    return JSON.objectNode()
        .put("cores", machine.cores())
        .put("model", machine.model())
        .put("memory_bytes", machine.memoryBytes())
        .put("jdk", machine.jdk())
        .put("load_at_start", machine.load());
  }

  private static ObjectNode corpus(Corpus corpus) {
    return JSON.objectNode()
        .put("path", corpus.root().toString())
        .put("files", corpus.files().size())
        .put("bytes", corpus.bytes());
  }

  private static ObjectNode floors(Floors floors) {
    return JSON.objectNode()
        .put("copy_bytes_per_second", floors.copy())
        .put("fastcdc_bytes_per_second", floors.fastCdc())
        .put("blake3_bytes_per_second", floors.blake3())
        .put("zstd_bytes_per_second", floors.compress())
        .put("unzstd_bytes_per_second", floors.decompress())
        .put("object_seconds", floors.objectSeconds())
        .put("file_seconds", floors.fileSeconds())
        .put("look_seconds", floors.lookSeconds());
  }
}
