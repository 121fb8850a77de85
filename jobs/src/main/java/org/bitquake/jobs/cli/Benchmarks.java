package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code bitquake bench} runs. It is found with {@link java.util.ServiceLoader}, because it
 * must not be in the job jar: JMH is under the GPL.
 */
public interface Benchmarks {
  /** What can be measured. */
  enum Part {
    LIMITS,
    ENGINES,
    TFLITE,
    THREADS,
    COMMANDS,
    PEER;

    /** As people type it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the user asked for.
   *
   * @param quick fewer and shorter rounds
   * @param parts what to measure
   * @param json where to write everything
   * @param peer the script to compare with; empty for its usual place
   * @param peerData the folder that the script reads; empty for the images built in
   * @param tflite the model to run beside TensorFlow Lite; empty for its usual place
   * @param against an earlier run's JSON to compare speeds with
   */
  record Options(
      boolean quick,
      Set<Part> parts,
      Optional<Path> json,
      Optional<Path> peer,
      Optional<Path> peerData,
      Optional<Path> tflite,
      Optional<Path> against) {}

  /**
   * Measures, prints tables to {@code out} and progress to {@code err}.
   *
   * @throws org.bitquake.InputException if a file that the user named cannot be used
   */
  void run(Options options, PrintWriter out, PrintWriter err) throws IOException;
}
