package org.bitquake.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
  private static final String HOST = "127.0.0.1";
  private static RpcEnv daemon;
  private static String master;

  @TempDir Path folder;

  /** A real master with a secret, in this process. */
  @BeforeAll
  static void startMaster() {
    daemon = Master.startRpcEnvAndEndpoint(HOST, 0, 0, secret("right"))._1();
    master = daemon.address().hostPort();
  }

  @AfterAll
  static void stopMaster() {
    daemon.shutdown();
    daemon.awaitTermination();
  }

  private static SparkConf secret(String secret) {
    return new SparkConf(false)
        .set("spark.authenticate", "true")
        .set("spark.authenticate.secret", secret)
        .set("spark.network.crypto.enabled", "true")
        .set("spark.network.crypto.saslFallback", "false");
  }

  private static SparkConf of(String master) {
    return secret("right").set("spark.master", master);
  }

  private static int freePort() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return taken.getLocalPort();
    }
  }

  @Test
  void aMasterWithThisSecretAndThisMachineAreFine() {
    assertThatCode(() -> Surroundings.require(of("spark://" + master))).doesNotThrowAnyException();
    assertThatCode(() -> Surroundings.require(of("local[2]"))).doesNotThrowAnyException();
    assertThatCode(() -> Surroundings.require(of("yarn"))).doesNotThrowAnyException();
  }

  @Test
  void oneOfSeveralMastersIsEnough() throws IOException {
    String masters =
        Text.of("spark://127.0.0.1:%d,no-such-host.invalid:7077,%s", freePort(), master);
    assertThatCode(() -> Surroundings.require(of(masters))).doesNotThrowAnyException();
  }

  @Test
  void aMasterThatIsNotThereIsToldAtOnceForEachAddress() throws IOException {
    String masters = Text.of("spark://127.0.0.1:%d,no-such-host.invalid:7077", freePort());
    assertThatThrownBy(() -> Surroundings.require(of(masters)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(masters + " does not answer (127.0.0.1:")
        .hasMessageContaining("Connection refused; no-such-host.invalid:7077: no such host)")
        .hasMessageContaining("start a Spark master there or correct --master");
  }

  @Test
  void anotherSecretOrNoneIsToldAtOnce() {
    long start = System.nanoTime();
    var wrong = secret("wrong").set("spark.master", "spark://" + master);
    assertThatThrownBy(() -> Surroundings.require(wrong))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("spark://" + master + " does not talk to this run")
        .hasMessageContaining("its secret and spark.network.crypto are the master's (" + master)
        .hasMessageNotContaining(" at org.");
    var open = new SparkConf(false).set("spark.master", "spark://" + master);
    assertThatThrownBy(() -> Surroundings.require(open))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("spark://" + master + " does not talk to this run")
        .hasMessageNotContaining(" at org.");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void whoListensThereMayBeNoMaster() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "spark://127.0.0.1:" + silent.getLocalPort();
      assertThatThrownBy(() -> Surroundings.require(of(address)))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(address + " does not talk to this run");
    }
  }

  @Test
  void oneDirectoryOfTemporaryFilesMustTakeThem() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    var conf = of("local").set("spark.local.dir", file.resolve("x") + "," + file);
    assertThatThrownBy(() -> Surroundings.require(conf))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Spark's temporary files cannot be written to " + file);

    conf.set("spark.local.dir", file + "," + folder.resolve("to be made/here"));
    assertThatCode(() -> Surroundings.require(conf)).doesNotThrowAnyException();
  }

  @Test
  void aDirectoryOfEventLogsMustBeThere() {
    Path events = folder.resolve("events");
    var conf = of("local").set("spark.eventLog.dir", events.toUri().toString());
    assertThatCode(() -> Surroundings.require(conf)).doesNotThrowAnyException();

    conf.set("spark.eventLog.enabled", "true");
    assertThatThrownBy(() -> Surroundings.require(conf))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("spark.eventLog.dir is file:")
        .hasMessageContaining("make it (mkdir -p " + events);

    assertThat(events.toFile().mkdir()).isTrue();
    assertThatCode(() -> Surroundings.require(conf)).doesNotThrowAnyException();
    assertThatCode(() -> Surroundings.require(conf.set("spark.eventLog.dir", events.toString())))
        .doesNotThrowAnyException();
    assertThatCode(() -> Surroundings.require(conf.set("spark.eventLog.dir", "hdfs:///events")))
        .doesNotThrowAnyException(); // for Spark to look at
  }
}
