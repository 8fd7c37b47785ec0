package io.castore.content.digest.blake3;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The ways in which nodes can be hashed, all with the same result. The system property {@value
 * #PROPERTY} chooses one, for measurements and for the case that one misbehaves.
 */
public enum NodeHashers {
  /** The fastest that this JVM has, once it pays. What is used where none is chosen. */
  AUTO,

  /** With the vector instructions that the JVM offers as an API, if it was started with it. */
  VECTOR,

  /** Many nodes side by side, in arrays. */
  LANES,

  /** One node after the other. */
  SCALAR;

  /** Name of the system property that chooses; its values are the constants', in lower case. */
  public static final String PROPERTY = "castore.blake3";

  /**
   * Makes a hasher.
   *
   * @throws IllegalStateException if this JVM does not have it
   */
  public NodeHasher create() {
    return switch (this) {
      case AUTO ->
          FoundVector.PROVIDER
              .<NodeHasher>map(vector -> new WarmingHasher(new LaneHasher(), vector))
              .orElseGet(LaneHasher::new);
      case VECTOR ->
          FoundVector.PROVIDER
              .map(NodeHasherProvider::create)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "no vector instructions for BLAKE3 (expected: a JVM started with --add-modules"
                              + " jdk.incubator.vector, and blake3-vector on its class path)"));
      case LANES -> new LaneHasher();
      case SCALAR -> new ScalarHasher();
    };
  }

  /**
   * Tells what is chosen.
   *
   * @throws IllegalArgumentException if the system property has another value
   */
  public static NodeHashers chosen() {
    String name = System.getProperty(PROPERTY, AUTO.toString());
    return Arrays.stream(values())
        .filter(hashers -> hashers.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    PROPERTY
                        + ": "
                        + name
                        + " (expected: one of "
                        + Arrays.toString(values())
                        + ")"));
  }

  /** Gives the constant's name as the system property has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Looked for once, when it is first needed. */
  private static final class FoundVector {
    private static final Optional<NodeHasherProvider> PROVIDER = find();

    private static Optional<NodeHasherProvider> find() {
      Iterator<NodeHasherProvider> found =
          ServiceLoader.load(NodeHasherProvider.class, NodeHashers.class.getClassLoader())
              .iterator();
      return found.hasNext()
          ? Optional.of(found.next()).filter(NodeHasherProvider::isAvailable)
          : Optional.empty();
    }
  }
}
