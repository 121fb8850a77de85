package org.bitquake;

import java.util.Optional;

/**
 * The incubating module of the Vector API, which Java loads only where it is asked to. Classes that
 * use it are loaded only once {@link #missing} says nothing.
 */
public final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Why nothing that uses vectors can be loaded in this process, if so. */
  public static Optional<String> missing() {
    return ModuleLayer.boot().findModule(NAME).isPresent()
        ? Optional.empty()
        : Optional.of("Java was started without --add-modules=" + NAME);
  }
}
