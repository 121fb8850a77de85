package org.bitquake.data.format;

import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.data.picture.Fitting;

/**
 * Labelled images as people ask for them: a data set by name, or a place.
 *
 * @param name of a published data set; empty for a place
 * @param path a Hadoop path; empty for a data set by name
 * @param format of what lies there; empty to find out
 * @param split {@code test} or {@code train}, where there are both
 * @param directory where a data set by name lies; empty for what travels in the jar
 * @param labels what to take as labels instead of the usual: a column, an array, a file, or {@code
 *     coarse}
 * @param fitting what is done to each image
 * @param images so many of them, drawn once, always the same; empty for all
 */
public record DataSpec(
    Optional<String> name,
    Optional<String> path,
    Optional<DataFormat> format,
    String split,
    Optional<String> directory,
    Optional<String> labels,
    Fitting fitting,
    Optional<Integer> images) {
  /**
   * @throws InputException unless there is a name or a path
   */
  public DataSpec {
    if (name.isPresent() == path.isPresent()) {
      throw new InputException("data need either a name or a path");
    }
  }

  /** A data set by name, as it is. */
  public static DataSpec named(String name, String split, Optional<String> directory) {
    return new DataSpec(
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        split,
        directory,
        Optional.empty(),
        Fitting.NONE,
        Optional.empty());
  }

  /** What lies at a place, as it is. */
  public static DataSpec at(String path, String split) {
    return new DataSpec(
        Optional.empty(),
        Optional.of(path),
        Optional.empty(),
        split,
        Optional.empty(),
        Optional.empty(),
        Fitting.NONE,
        Optional.empty());
  }

  /** The same data elsewhere: a data set by name in another directory, others at another path. */
  public DataSpec in(String place) {
    return name.isPresent()
        ? new DataSpec(name, path, format, split, Optional.of(place), labels, fitting, images)
        : new DataSpec(name, Optional.of(place), format, split, directory, labels, fitting, images);
  }
}
