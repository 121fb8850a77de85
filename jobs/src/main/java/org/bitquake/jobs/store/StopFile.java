package org.bitquake.jobs.store;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;

/** A file in a result directory that asks the run there to end after its running waves. */
public final class StopFile {
  static final String NAME = "_stop";

  private StopFile() {}

  /**
   * Asks.
   *
   * @return who is asked, for people
   * @throws InputException if no run writes there
   */
  public static String ask(String directory, Configuration hadoop) {
    var root = new TableStore(directory, hadoop).root();
    var files = StoreFiles.of(root, hadoop);
    var holder =
        Lease.holder(root, files)
            .orElseThrow(
                () -> new InputException(root + ": no run writes here, so there is none to stop"));
    try {
      files.writeOnce(new Path(root, NAME), new byte[] {'\n'});
    } catch (FileAlreadyExistsException e) {
      return holder.toString(); // asked already
    }
    return holder.toString();
  }
}
