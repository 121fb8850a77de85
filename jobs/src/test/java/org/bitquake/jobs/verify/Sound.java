package org.bitquake.jobs.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.replay.Replay;

/** For the tests of each kind of job. */
public final class Sound {
  private Sound() {}

  /** Nothing is wrong with a finished job's directory. */
  public static void assertFinished(Path directory, String table) throws IOException {
    var none = new Replay.Files(Optional.empty(), Optional.empty());
    var options = new Verification.Options(0, 1, none);
    var found = Verification.run(TestSpark.session(), directory.toString(), options);
    assertThat(found.findings()).isEmpty();
    assertThat(found.summary()).anyMatch(line -> line.endsWith(table + "; finished"));
  }
}
