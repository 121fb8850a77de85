package org.bitquake.jobs.injection;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.ChipTable;
import org.bitquake.jobs.config.NamedFile;

/** Reads the files of measured chips: comma-separated values, or Parquet. */
final class ChipFile {
  private static final String PARQUET = ".parquet";

  private ChipFile() {}

  /**
   * Reads a file.
   *
   * @throws InputException that names it, and the line where there is one; also if it does not hold
   *     what it must
   */
  static Chip read(NamedFile file, Path path, Configuration hadoop) {
    byte[] bytes = InputFile.bytes(path, "a chip", hadoop);
    var chip =
        file.name().endsWith(PARQUET)
            ? ChipParquet.read(path, file.name(), Sha256.hex(bytes), hadoop)
            : ChipTable.parse(bytes, path.toString(), file.name());
    InputFile.requireSame(file, chip.sha256(), path);
    return chip;
  }
}
