package io.castore.query;

import com.linecorp.armeria.server.ServerBuilder;

/** A part of what the server offers. */
@FunctionalInterface
public interface ServicePart {
  /** Adds its routes. Called once, before the server starts. */
  void addTo(ServerBuilder server);
}
