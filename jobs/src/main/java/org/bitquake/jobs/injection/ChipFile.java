package org.bitquake.jobs.injection;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.ChipTable;
import org.bitquake.jobs.config.ChipFiles;

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
  static Chip read(ChipFiles.File file, Path path, Configuration hadoop) {
    byte[] bytes = bytes(path, hadoop);
    var chip =
        file.name().endsWith(PARQUET)
            ? ChipParquet.read(path, file.name(), Sha256.hex(bytes), hadoop)
            : ChipTable.parse(bytes, path.toString(), file.name());
    if (file.sha256().isPresent() && !file.sha256().get().equals(chip.sha256())) {
      throw new InputException(
          Text.of(
              "%s: another file than it was (SHA-256 %s, not %s); bring back the one of the campaign",
              path, chip.sha256(), file.sha256().get()));
    }
    return chip;
  }

  private static byte[] bytes(Path path, Configuration hadoop) {
    try (var in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(ChipTable.MAX_BYTES + 1);
      if (bytes.length > ChipTable.MAX_BYTES) {
        throw new InputException(path + ": longer than 64 MiB, not a chip");
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new InputException(path + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(Text.of("%s: cannot be read: %s", path, e.getMessage()), e);
    }
  }
}
