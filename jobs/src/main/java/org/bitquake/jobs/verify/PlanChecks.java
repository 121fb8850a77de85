package org.bitquake.jobs.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.bitquake.Text;
import org.bitquake.jobs.store.Audit;
import org.bitquake.jobs.store.ResultDirectory.Description;

/**
 * Whether the rows are those that were planned. Together with keys that occur once, ranges that the
 * rows lie in and counts that fill them say that each is there exactly once.
 *
 * @param spark with a view for each sound table
 * @param audits of the sound tables that have parts
 * @param counts told what to look for
 */
record PlanChecks(SparkSession spark, Description job, Map<String, Audit> audits, Counts counts) {

  /** How far the job is. */
  String run() {
    var facts = job.identity().facts();
    if (facts.has("singleFaults")) {
      return singleFaults(facts.path("singleFaults").asLong());
    }
    return switch (job.job()) {
      case "campaign" -> trials(facts);
      case "cnvlutin" -> slices(facts);
      case "protect" -> designs(facts);
      default -> points(facts);
    };
  }

  private String trials(JsonNode facts) {
    long cells =
        (long) facts.path("networks").size()
            * facts.path("kinds").size()
            * facts.path("rates").size();
    long most = facts.path("trials").asLong();
    boolean fixed = facts.has("waves");
    if (audits.containsKey("trials")) {
      String strangers =
          Text.of(
              "network NOT IN (%s) OR kind NOT IN (%s) OR rate NOT IN (%s) OR seed <> %d OR trial >= %d",
              texts(facts.path("networks"), "name"),
              texts(facts.path("kinds"), ""),
              doubles(facts.path("rates")),
              facts.path("seed").asLong(),
              most);
      none("trials", "not planned", "SELECT * FROM trials WHERE " + strangers);
      if (fixed) {
        ranges().createOrReplaceTempView("waves");
        none(
            "cells",
            "without each of its trials",
            """
            SELECT network, kind, rate FROM trials t LEFT SEMI JOIN waves w
              ON t.trial >= w.first AND t.trial < w.end
            GROUP BY network, kind, rate
            HAVING count(*) <> (SELECT sum(end - first) FROM waves)
            """);
        none(
            "trials",
            "outside the wave that they were committed with",
            "SELECT * FROM trials t LEFT ANTI JOIN waves w ON t.trial >= w.first AND t.trial < w.end");
      } else {
        none(
            "cells",
            "with a hole in their trial numbers",
            """
            SELECT network, kind, rate FROM trials GROUP BY network, kind, rate
            HAVING min(trial) <> 0 OR max(trial) + 1 <> count(*)
            """);
      }
      counts.rows(
          "SELECT DISTINCT network, kind, rate FROM trials",
          found ->
              found == cells
                  ? null
                  : Text.of("trials: %d network × kind × rate have rows, not %d", found, cells));
    }
    rests("cells", "trials");
    if (audits.containsKey("cells") && audits.containsKey("trials")) {
      none(
          "cells",
          "that do not rest on the trials in the table",
          """
          SELECT 1 FROM (SELECT network, kind, rate, count(*) n, count(error) bad FROM trials
            GROUP BY network, kind, rate) t FULL OUTER JOIN cells c
            ON t.network = c.network AND t.kind = c.kind AND t.rate = c.rate
          WHERE NOT coalesce(c.failed = bad AND c.trials = n - bad, false)
          """);
    }
    return progress("trials", fixed ? cells * most : 0, audits.containsKey("cells"));
  }

  private String singleFaults(long planned) {
    if (audits.containsKey("single_faults")) {
      var audit = audits.get("single_faults");
      long committed =
          audit.facts().values().stream()
              .mapToLong(wave -> number(wave, "endFault") - number(wave, "firstFault"))
              .sum();
      committed("single_faults", committed);
      if (audit.rows() == planned) {
        none(
            "networks",
            "with a hole in their fault numbers",
            """
            SELECT network FROM single_faults GROUP BY network, kind
            HAVING min(fault) <> 0 OR max(fault) + 1 <> count(*)
            """);
      }
    }
    rests("single_fault_rates", "single_faults");
    long there = audits.containsKey("single_faults") ? audits.get("single_faults").rows() : planned;
    if (audits.containsKey("single_fault_rates") && there != planned) {
      counts.say(Text.of("single_fault_rates: rests on %d faults, not %d", there, planned));
    }
    return progress("single_faults", planned, audits.containsKey("single_fault_rates"));
  }

  private String slices(JsonNode facts) {
    rests("cnvlutin_layers", "cnvlutin_slices");
    if (audits.containsKey("cnvlutin_layers") && audits.containsKey("cnvlutin_slices")) {
      long maps =
          (long) facts.path("kinds").size()
              * facts.path("rates").size()
              * facts.path("maps").asLong();
      none(
          "layers",
          "without each image once",
          Text.of(
              """
          SELECT 1 FROM cnvlutin_slices GROUP BY network, kind, rate, fault_map, position
          HAVING sum(images) <> %d OR min(first_image) <> 0 OR max(first_image + images) <> %1$d
          """,
              facts.path("images").asLong()));
      none(
          "layers",
          "without each fault map once",
          Text.of(
              """
          SELECT 1 FROM (SELECT DISTINCT network, position, kind, rate, fault_map FROM cnvlutin_slices)
          GROUP BY network, position HAVING count(*) <> %d
          """,
              maps + 1));
    }
    return progress("cnvlutin_slices", 0, audits.containsKey("cnvlutin_layers"));
  }

  private String designs(JsonNode facts) {
    if (audits.containsKey("trials")) {
      String strangers =
          Text.of(
              "network NOT IN (%s) OR rate NOT IN (%s) OR seed NOT IN (%d, %3$d + 1)",
              texts(facts.path("networks"), "name"),
              doubles(facts.path("rates")),
              facts.path("seed").asLong());
      none("trials", "not planned", "SELECT * FROM trials WHERE " + strangers);
      none(
          "designs",
          "with a hole in their trial numbers",
          """
          SELECT network, kind FROM trials GROUP BY network, kind
          HAVING min(trial) <> 0 OR max(trial) + 1 <> count(*) OR count(DISTINCT seed) > 1
          """);
    }
    rests("protection_steps", "trials");
    rests("protection_frontier", "trials");
    if (audits.containsKey("protection_steps") && audits.containsKey("trials")) {
      none(
          "designs",
          "that do not rest on the trials in the table",
          """
          SELECT 1 FROM (SELECT network, kind, count(*) n, count(error) bad FROM trials
            GROUP BY network, kind) t FULL OUTER JOIN (SELECT network, kind, max(trials) n,
            max(failed) bad FROM protection_steps GROUP BY network, kind HAVING n > 0) s
            ON t.network = s.network AND t.kind = s.kind
          WHERE NOT coalesce(s.n = t.n AND s.bad = t.bad, false)
          """);
    }
    return progress("trials", 0, audits.containsKey("protection_frontier"));
  }

  private String points(JsonNode facts) {
    int networks = facts.path("networks").size();
    Map<String, Long> points = new TreeMap<>(); // of a network, by kind
    facts
        .path("points")
        .fields()
        .forEachRemaining(k -> points.put(k.getKey(), k.getValue().asLong()));
    boolean complete = parts("landscape") == facts.path("waves").asInt();
    if (audits.containsKey("landscape")) {
      long committed =
          audits.get("landscape").facts().values().stream()
              .mapToLong(wave -> Long.parseLong(wave.getOrDefault("rows", "-1")))
              .sum();
      committed("landscape", committed);
      none(
          "points",
          "of networks that are not planned",
          Text.of(
              "SELECT * FROM landscape WHERE network NOT IN (%s)",
              texts(facts.path("networks"), "name")));
      points.forEach(
          (kind, its) ->
              none(
                  "networks",
                  Text.of("with another number of %s points than %d", kind, its),
                  Text.of(
                      """
                  SELECT network FROM landscape GROUP BY network
                  HAVING count_if(kind = '%s') %s %d
                  """,
                      kind, complete ? "<>" : ">", its)));
    }
    if (audits.containsKey("sharpness") && !complete) {
      counts.say("sharpness: rests on landscape, which is not complete");
    }
    boolean finished = complete && (!facts.has("sharpness") || parts("sharpness") == networks);
    long planned = networks * points.values().stream().mapToLong(Long::longValue).sum();
    return progress("landscape", planned, finished);
  }

  private int parts(String table) {
    return audits.containsKey(table) ? audits.get(table).facts().size() : 0;
  }

  /** First and end of each committed wave of trials; a table, as a campaign may have many. */
  private Dataset<Row> ranges() {
    var rows =
        audits.get("trials").facts().values().stream()
            .map(wave -> RowFactory.create(number(wave, "firstTrial"), number(wave, "endTrial")))
            .toList();
    return spark.createDataFrame(rows, StructType.fromDDL("first BIGINT, end BIGINT"));
  }

  private static long number(Map<String, String> wave, String fact) {
    return Long.parseLong(wave.get(fact));
  }

  private void committed(String table, long rows) {
    counts.rows(
        "SELECT * FROM " + table,
        found ->
            found == rows
                ? null
                : Text.of("%s: %d rows, but its waves are of %d", table, found, rows));
  }

  private void rests(String table, String on) {
    if (audits.containsKey(table) && !audits.containsKey(on)) {
      counts.say(Text.of("%s: rests on %s, which are not there or damaged", table, on));
    }
  }

  private void none(String what, String how, String query) {
    counts.rows(query, found -> found == 0 ? null : Text.of("%,d %s %s", found, what, how));
  }

  private String progress(String table, long planned, boolean finished) {
    long rows = audits.containsKey(table) ? audits.get(table).rows() : 0;
    String state = finished ? "finished" : "not finished: its command, run again, goes on";
    return planned == 0
        ? Text.of("%,d rows of %s; %s", rows, table, state)
        : Text.of("%,d of %,d rows of %s; %s", rows, planned, table, state);
  }

  private static String texts(JsonNode list, String key) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(node -> key.isEmpty() ? node.asText() : node.path(key).asText())
        .map(text -> "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(", "));
  }

  private static String doubles(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(node -> node.asDouble() + "D")
        .collect(Collectors.joining(", "));
  }
}
