package io.castore.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the modules may know of each other, and of Kafka. */
final class ArchitectureTest {
  private static final String KAFKA = "org.apache.kafka..";

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.castore");
  }

  @Test
  void shouldKeepLayers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("proto")
        .definedBy("io.castore.proto..")
        .layer("content-store")
        .definedBy("io.castore.content..")
        .layer("pipeline")
        .definedBy("io.castore.pipeline..")
        .layer("ingest-producer")
        .definedBy("io.castore.ingest..")
        .layer("chunker-stream")
        .definedBy("io.castore.chunker..")
        .layer("index-writer")
        .definedBy("io.castore.index..")
        .layer("blob-client")
        .definedBy("io.castore.blobs..")
        .layer("query-service")
        .definedBy("io.castore.query..")
        .layer("source-feeds")
        .definedBy("io.castore.feeds..")
        .layer("store-audit")
        .definedBy("io.castore.audit..")
        .layer("garbage-collection")
        .definedBy("io.castore.gc..")
        .layer("embedded-broker")
        .definedBy("io.castore.broker..")
        .layer("castore-cli")
        .definedBy("io.castore.cli..")
        .whereLayer("proto")
        .mayNotAccessAnyLayer()
        .whereLayer("content-store")
        .mayOnlyAccessLayers("proto")
        .whereLayer("pipeline")
        .mayOnlyAccessLayers("content-store", "proto")
        .whereLayer("ingest-producer")
        .mayOnlyAccessLayers("pipeline", "content-store", "proto")
        .whereLayer("chunker-stream")
        .mayOnlyAccessLayers("pipeline", "content-store", "proto")
        .whereLayer("index-writer")
        .mayOnlyAccessLayers("pipeline", "content-store", "proto")
        .whereLayer("blob-client")
        .mayOnlyAccessLayers("ingest-producer", "pipeline", "content-store", "proto")
        .whereLayer("query-service")
        .mayOnlyAccessLayers("ingest-producer", "pipeline", "content-store", "proto")
        .whereLayer("source-feeds")
        .mayOnlyAccessLayers("ingest-producer", "pipeline", "content-store", "proto")
        .whereLayer("store-audit")
        .mayOnlyAccessLayers("pipeline", "content-store", "proto")
        .whereLayer("garbage-collection")
        .mayOnlyAccessLayers("pipeline", "content-store", "proto")
        .whereLayer("embedded-broker")
        .mayNotAccessAnyLayer()
        .whereLayer("castore-cli")
        .mayNotBeAccessedByAnyLayer()
        .check(classes);
  }

  @Test
  void shouldHaveNoCyclesAmongPackages() {
    slices().matching("io.castore.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void shouldKeepKafkaOutOfTheContentStore() {
    noClasses()
        .that()
        .resideInAnyPackage("io.castore.content..", "io.castore.proto..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(KAFKA)
        .check(classes);
  }

  /** It waits for ever where a stream thread writes at the same time: see {@code StateView}. */
  @Test
  void shouldNotQueryStatePastItsLocks() {
    noClasses()
        .should()
        .callMethod(KafkaStreams.class, "query", StateQueryRequest.class)
        .check(classes);
  }

  @Test
  void shouldKeepKafkaOutOfDecisions() {
    for (String decision :
        List.of(
            "io.castore.chunker.ChunkIntake",
            "io.castore.chunker.ChunkJudge",
            "io.castore.chunker.ChunkOutcome",
            "io.castore.chunker.ClaimOrder",
            "io.castore.chunker.CollectOrder",
            "io.castore.chunker.DeleteWindow",
            "io.castore.chunker.ForgetOrder",
            "io.castore.chunker.Orders",
            "io.castore.chunker.PendingReceipt",
            "io.castore.chunker.PutBudget",
            "io.castore.chunker.PutPool",
            "io.castore.chunker.PutWindow",
            "io.castore.chunker.Receipts",
            "io.castore.chunker.RecentCollects",
            "io.castore.chunker.RestoreOrder",
            "io.castore.chunker.TaskMark",
            "io.castore.index.BlobPublisher",
            "io.castore.index.ChunkRow",
            "io.castore.index.SealedContent",
            "io.castore.index.Tallies",
            "io.castore.index.Tally",
            "io.castore.ingest.BacklogGate",
            "io.castore.ingest.GatheredQuestions",
            "io.castore.ingest.KnownDigests",
            "io.castore.ingest.LookupOutage",
            "io.castore.ingest.MissBackoff",
            "io.castore.ingest.PausedServices",
            "io.castore.ingest.PushedStream",
            "io.castore.ingest.PushedUpload",
            "io.castore.ingest.ReRead",
            "io.castore.ingest.ReferableChunks",
            "io.castore.ingest.SentChunks",
            "io.castore.ingest.SourceReader",
            "io.castore.ingest.UploadQuestions",
            "io.castore.ingest.UploadsInFlight",
            "io.castore.ingest.UploadWait",
            "io.castore.ingest.WantedChunks")) {
      assertThat(classes.contain(decision)).as(decision).isTrue();
      noClasses()
          .that()
          .haveNameMatching(Pattern.quote(decision) + "(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(KAFKA)
          .check(classes);
    }
  }

  @Test
  void shouldKeepInternalsOfKafkaToTheBrokerAndTheCommitHook() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.castore.broker..", "io.castore.pipeline.streams.commit")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "kafka..",
                    "org.apache.kafka..internals..",
                    "org.apache.kafka.server..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.raft..")
                // The only way to make headers where no record is at hand.
                .and(not(type(RecordHeaders.class))))
        .check(classes);
  }

  @Test
  void shouldPrintAndExitInTheCommandAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.castore.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(classes);
  }

  @Test
  void shouldExitInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.castore.cli.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }
}
