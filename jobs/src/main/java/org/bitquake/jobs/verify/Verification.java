package org.bitquake.jobs.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
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
import org.bitquake.jobs.store.SmallTables;
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
    return run(spark, directory, options, 0);
  }

  /**
   * The same, as if each table had so many rows at least, of which depends how it is read, not what
   * is found.
   */
  static Verification run(SparkSession spark, String directory, Options options, long least)
      throws IOException {
    var hadoop = spark.sessionState().newHadoopConf();
    var job = ResultDirectory.describe(directory, hadoop);
    var store = new TableStore(directory, hadoop);
    Map<String, Audit> audits = new LinkedHashMap<>();
    for (String table : Tables.schemas().keySet()) {
      audits.put(table, Audit.of(spark, store, table, job.identity().shortHash()));
    }
    long all = Math.max(least, audits.values().stream().mapToLong(Audit::rows).sum());
    var work = new Work(SmallTables.session(spark, all), store, job, all, least);
    audits.forEach(work::table);
    work.plan();
    work.replay(options);
    return new Verification(List.copyOf(work.findings), List.copyOf(work.summary));
  }

  private static final class Work {
    private final SparkSession spark;
    private final TableStore store;
    private final Description job;
    private final Configuration hadoop;
    private final long least;
    private final boolean onePartition;
    private final Map<String, Audit> sound = new TreeMap<>();
    private final Counts counts = new Counts();
    private final List<String> findings = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();

    Work(SparkSession spark, TableStore store, Description job, long rows, long least) {
      this.spark = spark;
      this.store = store;
      this.job = job;
      this.hadoop = spark.sessionState().newHadoopConf();
      this.least = least;
      this.onePartition = SmallTables.fitOnePartition(rows);
      summary.add(Text.of("%s %s", job.job(), job.name()));
    }

    void table(String table, Audit audit) {
      audit.findings().forEach(counts::say);
      audit
          .leftovers()
          .forEach(left -> summary.add(Text.of("left over, harmless: %s/%s", store.place(), left)));
      if (audit.isSound() && !audit.facts().isEmpty()) {
        sound.put(table, audit);
        var rows = SmallTables.rows(spark, store, table, Math.max(least, audit.rows()));
        (onePartition ? rows.coalesce(1) : rows).createOrReplaceTempView(table);
        summary.add(
            Text.of("%s: %,d rows in %,d parts", table, audit.rows(), audit.facts().size()));
        keys(table);
        values(table);
      }
    }

    private void keys(String table) {
      String key = Conditions.key(table);
      if (!key.isEmpty()) {
        counts.rows(
            Text.of("SELECT 1 FROM %s GROUP BY %s HAVING count(*) > 1", table, key),
            twice ->
                twice == 0
                    ? null
                    : Text.of(
                        "%s: %,d rows are there more than once (same %s)", table, twice, key));
      }
    }

    private void values(String table) {
      var conditions = Conditions.ofRows(table, spark.table(table).schema());
      if (!conditions.isEmpty()) {
        counts.broken(
            table,
            conditions,
            broken ->
                Text.of(
                    "%s: %,d rows where it does not hold that %s",
                    table, broken.rows(), broken.condition()));
      }
    }

    void plan() {
      summary.add(new PlanChecks(spark, job, sound, counts).run());
      findings.addAll(counts.findings(spark));
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
      var data = RecordedData.of(store.root().toString(), options.files(), hadoop);
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
