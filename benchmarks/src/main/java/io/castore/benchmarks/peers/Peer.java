package io.castore.benchmarks.peers;

import java.util.Optional;

/** A program that does what castore does. */
interface Peer {
  /** Its name in reports. */
  String name();

  /** A command that works where the program is there at all. */
  Call probe(Place place);

  /** What makes the store; empty where nothing has to. */
  Optional<Call> init(Place place);

  /** What does a task. */
  Call call(Task task, Place place);
}
