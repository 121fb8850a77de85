package org.bitquake.jobs.cli;

import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options of commands that write one file. */
final class OutputFile {
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The file to write, a local or Hadoop path.")
  private String output;

  @Option(
      names = "--output-mode",
      defaultValue = "error",
      paramLabel = "MODE",
      description = "If that file exists: error or overwrite (default: ${DEFAULT-VALUE}).")
  private OutputMode mode;

  Path path() {
    return new Path(output);
  }

  boolean overwrite() {
    return mode == OutputMode.OVERWRITE;
  }
}
