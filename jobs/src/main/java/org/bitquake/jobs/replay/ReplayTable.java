package org.bitquake.jobs.replay;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.singlefault.OneFault;
import org.bitquake.jobs.singlefault.RecordedFault;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.network.QuantizedNetwork;

/** A table whose rows can be run again. */
public enum ReplayTable {
  TRIALS("trials", "trial"),
  SINGLE_FAULTS("single_faults", "single fault");

  private static final String SINGLE = "single-";
  private static final String WITH = " + ";

  private final String table;
  private final String noun;

  ReplayTable(String table, String noun) {
    this.table = table;
    this.noun = noun;
  }

  /**
   * The one that a result directory has.
   *
   * @throws InputException if it has none
   */
  public static ReplayTable of(TableStore store) {
    return Stream.of(values())
        .filter(table -> !store.parts(table.table).isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s: neither trials nor single faults here; give the directory that a campaign wrote",
                        store.root())));
  }

  /** Its name. */
  public String table() {
    return table;
  }

  /** What a row of it is. */
  public String noun() {
    return noun;
  }

  /** Which row it is, in words. */
  public String title(Row row) {
    return switch (this) {
      case TRIALS ->
          Text.of(
              "trial %s of %s, %s at rate %s",
              row.getAs("trial"), row.getAs("network"), row.getAs("kind"), row.getAs("rate"));
      case SINGLE_FAULTS ->
          Text.of(
              "single fault %s of %s, %s in %s, filter %s, index %s, bit %s",
              row.getAs("fault"),
              row.getAs("network"),
              row.getAs("kind"),
              row.getAs("layer"),
              row.getAs("filter"),
              row.getAs("index"),
              row.getAs("bit"));
    };
  }

  /** Columns that tell its rows apart, each an option of the command line. */
  List<String> options() {
    return this == TRIALS
        ? List.of("network", "kind", "rate", "trial")
        : List.of("network", "kind", "layer", "filter", "index", "bit", "fault");
  }

  /** As people type them. */
  String optionNames() {
    return options().stream().map(option -> "--" + option).collect(Collectors.joining(", "));
  }

  /**
   * The column {@code kind} for what people write: the label, of single faults also as in their
   * configuration, such as {@code single-bit-flip}.
   *
   * @throws InputException if there is no such kind
   */
  String kind(String label) {
    if (this == TRIALS) {
      return label; // a campaign's own name of a fault model, perhaps
    }
    String its = label.startsWith(SINGLE) ? label.substring(SINGLE.length()) : label;
    int end = its.indexOf(WITH); // behind it what protects the memory
    return end < 0
        ? FaultKind.of(its).label()
        : FaultKind.of(its.substring(0, end)).label() + its.substring(end);
  }

  /**
   * Reads a row of it.
   *
   * @throws InputException if it is damaged
   */
  RecordedRow read(Row row) {
    return this == TRIALS ? TrialRow.of(row) : RecordedFault.of(row);
  }

  static Subject subject(RecordedRow row, QuantizedNetwork network, Dataset data) {
    return row instanceof TrialRow trial
        ? new TrialSubject(new OneTrial(trial, network, data))
        : new FaultSubject(new OneFault((RecordedFault) row, network, data));
  }
}
