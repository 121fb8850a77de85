package org.bitquake.jobs.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.replay.RecordedData;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.replay.ReplayTable;
import org.bitquake.jobs.store.Audit;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.ResultDirectory.Description;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * What an audit of a result directory found.
 *
 * @param findings a line each; nothing if all is well
 * @param summary what was looked at, for people, a line each
 */
public record Verification(List<String> findings, List<String> summary) {

  /**
   * What to do beyond the tables.
   *
   * @param replay rows of a campaign to run again
   * @param seed of their choice
   * @param files where networks and images are
   */
  public record Options(int replay, long seed, Replay.Files files) {}

  /**
   * Audits a directory; changes nothing in it.
   *
   * @throws InputException if it is no result directory
   */
  public static Verification run(SparkSession spark, String directory, Options options)
      throws IOException {
    var hadoop = spark.sessionState().newHadoopConf();
    var job = ResultDirectory.describe(directory, hadoop);
    var store = new TableStore(directory, hadoop);
    var work = new Work(spark.newSession(), store, job);
    for (String table : Tables.schemas().keySet()) {
      work.table(table, Audit.of(spark, store, table, job.identity().shortHash()));
    }
    work.plan();
    work.replay(options);
    return new Verification(List.copyOf(work.findings), List.copyOf(work.summary));
  }

  private static final class Work {
    private final SparkSession spark;
    private final TableStore store;
    private final Description job;
    private final Map<String, Audit> sound = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();

    Work(SparkSession spark, TableStore store, Description job) {
      this.spark = spark;
      this.store = store;
      this.job = job;
      summary.add(Text.of("%s %s", job.job(), job.name()));
    }

    void table(String table, Audit audit) {
      findings.addAll(audit.findings());
      audit
          .leftovers()
          .forEach(left -> summary.add(Text.of("left over, harmless: %s/%s", store.place(), left)));
      if (audit.isSound() && !audit.facts().isEmpty()) {
        sound.put(table, audit);
        store.read(spark, table).createOrReplaceTempView(table);
        summary.add(
            Text.of("%s: %,d rows in %,d parts", table, audit.rows(), audit.facts().size()));
        keys(table);
        values(table);
      }
    }

    private void keys(String table) {
      String key = Conditions.key(table);
      if (!key.isEmpty()) {
        long twice =
            spark
                .sql(Text.of("SELECT 1 FROM %s GROUP BY %s HAVING count(*) > 1", table, key))
                .count();
        if (twice > 0) {
          findings.add(
              Text.of("%s: %,d rows are there more than once (same %s)", table, twice, key));
        }
      }
    }

    private void values(String table) {
      var conditions = Conditions.ofRows(table, spark.table(table).schema());
      if (conditions.isEmpty()) {
        return;
      }
      String sums =
          conditions.stream()
              .map(c -> Text.of("sum(if(coalesce(%s, false), 0, 1))", c))
              .collect(Collectors.joining(", "));
      Row bad = spark.sql(Text.of("SELECT %s FROM %s", sums, table)).first();
      for (int i = 0; i < conditions.size(); i++) {
        if (!bad.isNullAt(i) && bad.getLong(i) > 0) {
          findings.add(
              Text.of(
                  "%s: %,d rows where it does not hold that %s",
                  table, bad.getLong(i), conditions.get(i)));
        }
      }
    }

    void plan() {
      var result = new PlanChecks(spark, job, sound).run();
      findings.addAll(result.findings());
      summary.add(result.progress());
    }

    /** A sample by a hash of seed and key: the same rows however the table is cut into files. */
    void replay(Options options) throws IOException {
      for (var table : ReplayTable.values()) {
        if (sound.containsKey(table.table()) && options.replay() > 0) {
          replay(table, options);
        }
      }
    }

    private void replay(ReplayTable table, Options options) throws IOException {
      String key = Conditions.key(table.table());
      String number = key.substring(key.lastIndexOf(' ') + 1);
      var sample =
          spark
              .sql(
                  Text.of(
                      "SELECT * FROM %s ORDER BY xxhash64(%dL, %s), %s LIMIT %d",
                      table.table(), options.seed(), key, number, options.replay()))
              .collectAsList();
      var networks = networks();
      var data =
          RecordedData.of(
              store.root().toString(), options.files(), spark.sessionState().newHadoopConf());
      int same = 0;
      for (Row row : sample) {
        same += replay(table, row, networks, options, data) ? 1 : 0;
      }
      summary.add(
          Text.of(
              "%d %ss run again with the reference engine (seed %d): %d the same to the bit",
              sample.size(), table.noun(), options.seed(), same));
    }

    /** Rows of the table {@code networks}, which an unfinished campaign has not, by name. */
    private Map<String, Row> networks() {
      Map<String, Row> rows = new TreeMap<>();
      if (sound.containsKey("networks")) {
        spark.table("networks").collectAsList().forEach(r -> rows.put(r.getAs("network"), r));
      }
      return rows;
    }

    private boolean replay(
        ReplayTable table, Row row, Map<String, Row> networks, Options options, RecordedData data)
        throws IOException {
      String which = table.title(row);
      List<Replay.Difference> differences;
      try {
        var origin = Optional.ofNullable(networks.get(row.<String>getAs("network")));
        var hadoop = spark.sessionState().newHadoopConf();
        var file = options.files().networkFile();
        differences = Replay.run(table, row, origin, file, data, hadoop).differences();
      } catch (InputException e) {
        findings.add(Text.of("%s cannot be run again: %s", which, e.getMessage()));
        return false;
      }
      for (var d : differences) {
        findings.add(
            Text.of(
                "%s: %s is %s in the table, %s run again, %s by the reference engine",
                which, d.column(), d.recorded(), d.again(), d.reference()));
      }
      return differences.isEmpty();
    }
  }
}
