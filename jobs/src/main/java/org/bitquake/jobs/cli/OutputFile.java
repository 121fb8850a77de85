package org.bitquake.jobs.cli;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.network.WholeFile;
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

  /**
   * Checks before any work that nothing is overwritten that should not be.
   *
   * @throws org.bitquake.InputException if the file is there
   */
  void check(Configuration hadoop) throws IOException {
    if (!overwrite()) {
      WholeFile.requireNew(path(), hadoop);
    }
  }

  boolean overwrite() {
    return mode == OutputMode.OVERWRITE;
  }
}
