package org.bitquake.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import org.apache.spark.SparkException;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;

class StartFailureTest {
  private static RuntimeException explained(Exception failure) {
    return StartFailure.explained(failure, "local[x]");
  }

  @Test
  void settingsAndSurroundingsAreOneLineWithTheInnermostReason() {
    var missing = new FileNotFoundException("File hdfs:/events does not exist\n");
    for (Exception failure :
        new Exception[] {
          new SparkException("outer", missing), missing, new UncheckedIOException(missing)
        }) {
      assertThat(explained(failure))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(
              "Spark does not start with master local[x]: File hdfs:/events does not exist; correct");
    }
    assertThat(explained(new NumberFormatException("Size must be specified as bytes\n(b)")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Size must be specified as bytes (b);");
  }

  @Test
  void aBugStaysOne() {
    var bug = new IllegalStateException("impossible", new NullPointerException());
    assertThat(explained(bug)).isSameAs(bug);
    assertThat(explained(new Exception(bug)))
        .isNotInstanceOf(InputException.class)
        .hasRootCause(bug.getCause());
  }

  @Test
  void whatIsALineAlreadyStaysAsItIs() {
    var line = new InputException("no");
    assertThat(explained(line)).isSameAs(line);
  }
}
