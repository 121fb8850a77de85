package org.bitquake.jobs.replay;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.campaign.TrialRow;
import org.bitquake.jobs.store.TableStore;

/** Finds one trial in the tables of a result directory. */
public final class TrialFinder {
  private static final int MOST_NAMED = 20;

  private final TableStore store;
  private final SparkSession spark;

  public TrialFinder(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /**
   * What the user says about a trial; what is empty must follow from the rest.
   *
   * @param kind label of the fault kind
   */
  public record Wanted(
      Optional<String> network, Optional<String> kind, Optional<Double> rate, long trial) {
    private boolean fits(Row cell) {
      return network.filter(n -> !n.equals(cell.getAs("network"))).isEmpty()
          && kind.filter(k -> !k.equals(cell.getAs("kind"))).isEmpty()
          && rate.filter(r -> !r.equals(cell.getAs("rate"))).isEmpty();
    }
  }

  /**
   * The row of a trial.
   *
   * @throws InputException if there is none, or more than one
   */
  public TrialRow find(Wanted wanted) {
    wanted.kind().ifPresent(FaultKind::of);
    if (store.parts("trials").isEmpty()) {
      throw new InputException(
          Text.of("%s: no trials here; give the directory that a campaign wrote", store.root()));
    }
    Dataset<Row> trials = store.read(spark, "trials");
    List<Row> found = trials.filter(condition(wanted)).takeAsList(MOST_NAMED);
    if (found.size() == 1) {
      return TrialRow.of(found.get(0));
    }
    throw found.isEmpty() ? none(trials, wanted) : several(found);
  }

  private static Column condition(Wanted wanted) {
    Column condition = col("trial").equalTo(wanted.trial());
    condition = and(condition, "network", wanted.network());
    condition = and(condition, "kind", wanted.kind());
    return and(condition, "rate", wanted.rate());
  }

  private static Column and(Column condition, String column, Optional<?> value) {
    return value.isEmpty() ? condition : condition.and(col(column).equalTo(value.get()));
  }

  private static InputException several(List<Row> found) {
    for (String column : List.of("network", "kind", "rate")) {
      String values = values(found, row -> row.getAs(column).toString());
      if (values.contains(", ")) {
        return new InputException(
            Text.of("several trials fit; say which with --%s, such as one of %s", column, values));
      }
    }
    return new InputException(
        Text.of(
            "the table trials holds the trial %s more than once: it is damaged; run the campaign again",
            found.get(0)));
  }

  /** What is there instead. */
  private InputException none(Dataset<Row> trials, Wanted wanted) {
    List<Row> cells =
        trials
            .groupBy("network", "kind", "rate")
            .agg(min("trial").as("first"), max("trial").as("last"))
            .sort("network", "kind", "rate")
            .collectAsList();
    List<Row> left = cells;
    var steps =
        List.of(
            new Wanted(wanted.network(), Optional.empty(), Optional.empty(), 0),
            new Wanted(wanted.network(), wanted.kind(), Optional.empty(), 0),
            new Wanted(wanted.network(), wanted.kind(), wanted.rate(), 0));
    var names = List.of("network", "kind", "rate");
    for (int i = 0; i < steps.size(); i++) {
      String name = names.get(i);
      List<Row> fitting = left.stream().filter(steps.get(i)::fits).toList();
      if (fitting.isEmpty()) {
        return new InputException(
            Text.of(
                "%s has no trial of this --%s; there are %s",
                store.root(), name, values(left, row -> row.getAs(name).toString())));
      }
      left = fitting;
    }
    long first = left.stream().mapToLong(row -> row.<Long>getAs("first")).min().orElseThrow();
    long last = left.stream().mapToLong(row -> row.<Long>getAs("last")).max().orElseThrow();
    return new InputException(
        Text.of(
            "%s has no trial %d there; its trials are %d to %d",
            store.root(), wanted.trial(), first, last));
  }

  private static String values(List<Row> rows, Function<Row, String> value) {
    List<String> all = rows.stream().map(value).distinct().toList();
    String some = all.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return all.size() > MOST_NAMED ? some + ", …" : some;
  }
}
