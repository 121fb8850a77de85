package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run's surroundings lack, as a user is told: a line, exit code 2, no stack trace. */
class SurroundingsIT {
  private static Result run(String option, String value) {
    return Launcher.ofRepository().run("sql", "-r", "none", "SELECT 1", "--", option, value);
  }

  @Test
  void aMasterThatIsNotThere() throws IOException {
    String master;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      master = "spark://127.0.0.1:" + taken.getLocalPort();
    }

    Result result = run("--master", master);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .startsWith("bitquake: " + master + " does not answer (")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.master=local[x],Could not parse Master URL",
    "spark.sql.shuffle.partitions=x,spark.sql.shuffle.partitions should be int",
    "spark.driver.bindAddress=192.0.2.1,Cannot assign requested address",
  })
  void aSettingThatDoesNotLetSparkStart(String setting, String reason) {
    Result result = run("--conf", setting);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr())
        .startsWith("bitquake: Spark does not start with master local[")
        .contains(": " + reason)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--jars,/no/such.jar,'the jar of --jars, /no/such.jar, is not there'",
    "--jars,http://127.0.0.1:1/such.jar,what --jars=http://127.0.0.1:1/such.jar names cannot be had (Connection refused)",
    "--packages,such,what --packages=such names cannot be had (Provided Maven Coordinates must be in the form",
  })
  void jarsThatCannotBeHad(String option, String value, String message) {
    Result result = run(option, value);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.stderr()).startsWith("bitquake: " + message).hasLineCount(1);
    assertThat(result.stdout()).isEmpty();
  }
}
