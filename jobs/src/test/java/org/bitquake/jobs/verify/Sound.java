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
    return verify(directory, 0, Optional.empty());
  }

  /** Nothing is wrong with a directory, and so many of its trials run again to the same bit. */
  public static void assertRunsAgain(Path directory, int trials, Path data) throws IOException {
    var found = verify(directory, trials, Optional.of(data.toString()));
    assertThat(found.findings()).isEmpty();
    String count = Integer.toString(trials);
    assertThat(found.summary())
        .anyMatch(
            line ->
                line.startsWith(count + " trials run again")
                    && line.contains(": " + count + " the same"));
  }

  /** Audits a directory and runs some of its rows again. */
  public static Verification verify(Path directory, int replay, Optional<String> data)
      throws IOException {
    var options = new Verification.Options(replay, 1, new Replay.Files(Optional.empty(), data));
    return Verification.run(TestSpark.session(), directory.toString(), options);
  }
}
