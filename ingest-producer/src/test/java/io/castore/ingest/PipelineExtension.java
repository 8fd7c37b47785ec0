package io.castore.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a pipeline, which starts with the first test and stops after the last. */
final class PipelineExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestPipeline.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(TestPipeline.class, key -> start(), TestPipeline.class);
  }

  private static TestPipeline start() {
    try {
      return TestPipeline.start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
