package org.bitquake.jobs.injection;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.pattern.ChipTable;
import org.bitquake.jobs.config.NamedFile;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.protect.CellList;
import org.bitquake.protect.CellTable;
import org.bitquake.protect.HardenedCells;
import org.bitquake.protect.Protection;

/** Reads small files that a configuration names. */
final class InputFile {
  private InputFile() {}

  /**
   * What a file holds.
   *
   * @param what it ought to be
   * @throws InputException that names it
   */
  static byte[] bytes(Path path, String what, Configuration hadoop) {
    try (var in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(ChipTable.MAX_BYTES + 1);
      if (bytes.length > ChipTable.MAX_BYTES) {
        throw new InputException(Text.of("%s: longer than 64 MiB, not %s", path, what));
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new InputException(path + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(Text.of("%s: cannot be read: %s", path, e.getMessage()), e);
    }
  }

  /** Refuses a file that is held to another SHA-256. */
  static void requireSame(NamedFile file, String sha256, Path path) {
    if (file.sha256().isPresent() && !file.sha256().get().equals(sha256)) {
      throw new InputException(
          Text.of(
              "%s: another file than it was (SHA-256 %s, not %s); bring back the one of the campaign",
              path, sha256, file.sha256().get()));
    }
  }

  /**
   * A list of hardened cells.
   *
   * @throws InputException that names it, and the line where there is one
   */
  static CellList cells(NamedFile file, Path path, Configuration hadoop) {
    var cells =
        CellTable.parse(bytes(path, "a list of cells", hadoop), path.toString(), file.name());
    requireSame(file, cells.sha256(), path);
    return cells;
  }

  /**
   * A protection with what its files hold.
   *
   * @param key of it in the document
   * @throws InputException that names the file, and the line where there is one
   */
  static Protection read(
      Yaml.Document<?> document, String key, Protection protection, Configuration hadoop) {
    List<CellList> read =
        protection.listed().stream()
            .map(its -> cells(named(its), there(document, key, its.path(), hadoop), hadoop))
            .toList();
    return protection.with(read);
  }

  /** The file of a part. */
  static NamedFile named(HardenedCells part) {
    return new NamedFile(part.path(), part.sha256());
  }

  /** The path of a file that the document names under a key; refuses one that is not there. */
  static Path there(Yaml.Document<?> document, String key, String file, Configuration hadoop) {
    Path path = document.beside(key, file);
    try {
      if (!path.getFileSystem(hadoop).exists(path)) {
        throw document.error(key, path + ": no such file");
      }
    } catch (IOException e) {
      throw document.error(key, Text.of("%s: cannot be read: %s", path, e.getMessage()));
    }
    return path;
  }
}
