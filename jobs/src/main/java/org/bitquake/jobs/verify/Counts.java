package org.bitquake.jobs.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;

/**
 * Findings in their order, most of which rest on a count of rows. All counts are asked in one
 * statement: one job of many tasks takes a fraction of many small jobs.
 */
final class Counts {
  private final List<Check> checks = new ArrayList<>();

  /**
   * What is said of some counts.
   *
   * @param counts SQL of each
   * @param from what they are of, SQL too; empty where there is nothing to count
   */
  private record Check(
      List<String> counts, String from, Function<long[], Stream<String>> findings) {
    String sql(int number) {
      return Text.of(
          "SELECT %d AS number, array(%s) AS counts FROM %s",
          number, String.join(", ", counts), from);
    }
  }

  /** A finding that needs no count. */
  void say(String finding) {
    checks.add(new Check(List.of(), "", none -> Stream.of(finding)));
  }

  /**
   * A finding about the number of rows of a query.
   *
   * @param finding null if there is none
   */
  void rows(String query, LongFunction<String> finding) {
    checks.add(
        new Check(
            List.of("count(*)"),
            "(" + query + ")",
            counts -> Stream.ofNullable(finding.apply(counts[0]))));
  }

  /**
   * A finding for each condition that some rows of a table do not fulfil.
   *
   * @param finding of a condition and the number of these rows
   */
  void broken(String table, List<String> conditions, Function<Broken, String> finding) {
    var sums =
        conditions.stream()
            .map(c -> Text.of("coalesce(sum(if(coalesce(%s, false), 0, 1)), 0)", c))
            .toList();
    checks.add(
        new Check(
            sums,
            table,
            counts -> {
              List<String> findings = new ArrayList<>();
              for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                  findings.add(finding.apply(new Broken(conditions.get(i), counts[i])));
                }
              }
              return findings.stream();
            }));
  }

  /** A condition that some rows do not fulfil. */
  record Broken(String condition, long rows) {}

  /** Asks for all counts. */
  List<String> findings(SparkSession spark) {
    var counts = new long[checks.size()][0];
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      if (!checks.get(i).from().isEmpty()) {
        statements.add(checks.get(i).sql(i));
      }
    }
    if (!statements.isEmpty()) {
      var all = statements.stream().collect(Collectors.joining("\nUNION ALL\n"));
      for (Row row : spark.sql(all).collectAsList()) {
        counts[row.getInt(0)] = row.<Long>getList(1).stream().mapToLong(Long::longValue).toArray();
      }
    }
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      checks.get(i).findings().apply(counts[i]).forEach(findings::add);
    }
    return findings;
  }
}
