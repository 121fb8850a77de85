package org.bitquake.jobs.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.package$;
import org.apache.spark.sql.SparkSession;
import org.bitquake.data.Datasets;
import org.bitquake.data.Source;

/**
 * What to look over on this machine.
 *
 * @param data folders where data sets may lie, in order
 * @param networks the folder of network files
 * @param output where results will go, a Hadoop path
 * @param engineSeconds of CPU time to measure each engine for
 * @param patience with Spark's master, and with a tiny job
 */
public record Checkup(
    List<String> data, Path networks, String output, double engineSeconds, Duration patience) {
  private static final long ROOM_FOR_RESULTS = 2 * Bytes.GIB;
  private static final long ROOM_FOR_TEMPORARY = Bytes.GIB;
  private static final long ROOM_FOR_LIBRARIES = Bytes.GIB / 2;

  /**
   * All checks: the quick ones first, Spark last.
   *
   * @param session starts Spark
   */
  public List<Check> checks(Supplier<SparkSession> session) {
    var hadoop = new Configuration();
    List<Check> checks =
        new ArrayList<>(
            List.of(
                JavaCheck.here(),
                MemoryCheck.here(),
                ProcessorCheck.here(),
                LauncherCheck.here(),
                folder("output", output, ROOM_FOR_RESULTS, "use --output DIR", hadoop),
                folder(
                    "temporary files",
                    System.getProperty("java.io.tmpdir"),
                    ROOM_FOR_TEMPORARY,
                    "SPARK_SUBMIT_OPTS=-Djava.io.tmpdir=DIR",
                    hadoop)));
    sparkLocal()
        .ifPresent(
            dir ->
                checks.add(
                    folder(
                        "Spark's files",
                        dir,
                        ROOM_FOR_TEMPORARY,
                        "-- --conf spark.local.dir=DIR",
                        hadoop)));
    checks.add(
        () ->
            folder(
                    "libraries",
                    NativesCheck.cacheFolder(),
                    ROOM_FOR_LIBRARIES,
                    "SPARK_SUBMIT_OPTS=-Dorg.bytedeco.javacpp.cachedir=DIR",
                    hadoop)
                .look());
    checks.addAll(NativesCheck.all());
    checks.add(EnginesCheck.here(engineSeconds));
    checks.add(BundledDataCheck.here(hadoop));
    Source.PUBLISHED.stream()
        .filter(source -> !source.name().equals(Datasets.CIFAR_100)) // no configuration here has it
        .forEach(source -> checks.add(new DataCheck(source, data, hadoop)));
    checks.add(new NetworksCheck(networks, hadoop));
    String master = new SparkConf().get("spark.master", "none");
    checks.add(new SparkCheck(package$.MODULE$.SPARK_VERSION(), master, session, patience));
    return checks;
  }

  /** Where Spark spills, if not where Java has its temporary files. */
  private static Optional<String> sparkLocal() {
    String set = System.getenv().getOrDefault("SPARK_LOCAL_DIRS", "");
    String dirs = set.isEmpty() ? new SparkConf().get("spark.local.dir", "") : set;
    return Optional.of(dirs.replaceFirst(",.*", "")).filter(dir -> !dir.isEmpty());
  }

  private static Check folder(
      String subject, String folder, long wanted, String other, Configuration hadoop) {
    return new FolderCheck(subject, folder, wanted, other, hadoop);
  }
}
