package org.bitquake.data;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Finds data sets by name, in a directory or among those that travel in the jar. */
public final class Datasets {
  private Datasets() {}

  /**
   * Loads a split of a data set.
   *
   * @param name {@code fashion-mnist} or {@code cifar-10}
   * @param split {@code train} or {@code test}
   * @param directory a Hadoop path ({@code file:}, {@code hdfs:}, {@code s3a:}) that holds the
   *     set's files; empty for what travels in the jar
   * @throws org.bitquake.InputException if there is no such set or a file is missing or damaged
   */
  public static Dataset load(
      String name, String split, Optional<String> directory, Configuration hadoop) {
    return null;
  }
}
