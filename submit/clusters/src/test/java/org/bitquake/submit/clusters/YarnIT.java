package org.bitquake.submit.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bitquake.submit.Launcher;
import org.bitquake.submit.Secrecy;
import org.bitquake.submit.SmallCampaign;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** YARN and HDFS as their template sets a run up, with another Spark 3.5 than the embedded one. */
class YarnIT {
  private static final Path SPARK_HOME =
      Launcher.repository().resolve("submit/clusters/target/spark-home");
  private static final Path TEMPLATE =
      Launcher.repository().resolve("submit/cluster/yarn/spark.conf");
  private static final String SECRET = Secrecy.secret();

  @TempDir static Path folder;
  private static MiniHadoop hadoop;
  private static SmallCampaign campaign;
  private static Path properties;
  private static String undisturbed;

  @BeforeAll
  static void onOneCore() throws IOException {
    campaign = SmallCampaign.in(folder);
    hadoop = new MiniHadoop(folder);
    hadoop.files().mkdirs(new org.apache.hadoop.fs.Path("/spark-events"));
    properties =
        Secrecy.properties(
            folder.resolve("private.conf"),
            TEMPLATE,
            "spark.hadoop.fs.s3a.secret.key " + SECRET,
            "spark.eventLog.compress false",
            "spark.sql.parquet.compression.codec uncompressed",
            "spark.yarn.jars local:" + SPARK_HOME.resolve("jars/*"),
            "spark.driver.memory 1g",
            "spark.executor.memory 1g");
    String results = folder.resolve("local").toString();
    campaign.run(launcher(), results, "--master", "local[1]");
    undisturbed = campaign.rows(launcher(), results, "--master", "local[2]");
  }

  @AfterAll
  static void stop() {
    if (hadoop != null) {
      hadoop.close();
    }
  }

  @Test
  void theDriverHereAndTheRowsInHdfs() throws IOException {
    campaign.run(onYarn(), "hdfs:///results/client", options("client"));

    requireTheRows("client");
  }

  @Test
  void theDriverInTheClusterToo() throws IOException {
    hadoop
        .files()
        .copyFromLocalFile(
            path(Launcher.repository().resolve("conf/networks")), path(Path.of("/conf")));
    Path copy = new SmallCampaign(folder.resolve("cluster"), "/conf").file();
    hadoop.files().copyFromLocalFile(path(copy), path(Path.of("/conf/small.yaml")));

    campaign.runCopy(
        onYarn(), "hdfs:///conf/small.yaml", "hdfs:///results/cluster", options("cluster"));

    requireTheRows("cluster");
  }

  private static void requireTheRows(String results) throws IOException {
    assertThat(campaign.rows(onYarn(), "hdfs:///results/" + results, "--master", "local[2]"))
        .isEqualTo(undisturbed);
    Path copy = folder.resolve("copy-" + results);
    for (String source : List.of("/results/" + results, "/spark-events")) {
      hadoop
          .files()
          .copyToLocalFile(path(Path.of(source)), path(copy.resolve(source.substring(1))));
    }
    Secrecy.requireNone(copy, List.of(SECRET));
    Secrecy.requireNone(hadoop.logs(), List.of(SECRET));
  }

  private static String[] options(String mode) {
    return new String[] {
      "--properties-file", properties.toString(), "--master", "yarn", "--deploy-mode", mode
    };
  }

  private static org.apache.hadoop.fs.Path path(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  private static Launcher onYarn() {
    return launcher()
        .set("SPARK_HOME", SPARK_HOME.toString())
        .set("HADOOP_CONF_DIR", hadoop.conf().toString());
  }

  private static Launcher launcher() {
    return Launcher.ofRepository().in(folder).set("SPARK_LOCAL_IP", "127.0.0.1");
  }
}
