package org.bitquake.jobs.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Networks beside those that a configuration names. */
final class NetworkOptions {
  @Option(
      names = "--network",
      paramLabel = "[NAME=]FILE",
      description =
          "One more network (.qnn.npz), after those of CONFIG, under its own name in tables or NAME;"
              + " may be repeated.")
  private List<String> networks = List.of();

  /** As given, in their order. */
  List<String> get() {
    return networks;
  }
}
