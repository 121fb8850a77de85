package org.bitquake.jobs.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.replay.Replay;

/** For the tests of each kind of job. */
public final class Sound {
  private Sound() {}

  /** Nothing is wrong with a finished job's directory. */
  public static void assertFinished(Path directory, String table) throws IOException {
    var found = verify(directory);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.endsWith(table + "; finished"));
  }

  /** What is wrong with the tables. */
  public static List<String> findings(Path directory) throws IOException {
    return verify(directory).findings();
  }

  private static Verification verify(Path directory) throws IOException {
    var none = new Replay.Files(Optional.empty(), Optional.empty());
    var options = new Verification.Options(0, 1, none);
    return Verification.run(TestSpark.session(), directory.toString(), options);
  }
}
