package org.bitquake.jobs.cnvlutin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.cnvlutin.Accesses;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.jobs.cnvlutin.SimulationPlan.Faults;

/** Counts as rows of the table {@code cnvlutin_slices}, and back. */
final class SliceRow {
  /** The columns that say what was simulated. */
  static final List<String> KEYS =
      List.of("network", "kind", "rate", "fault_map", "layer", "position");

  /** The columns that add up, in the order of both tables. */
  static final List<String> COUNTS =
      List.of(
          "images",
          "baseline_cycles",
          "cnvlutin_cycles",
          "window_cycles",
          "lane_cycles",
          "activations",
          "zero_activations",
          "macs",
          "effectual_macs",
          "baseline_activation_reads",
          "baseline_weight_reads",
          "baseline_output_writes",
          "cnvlutin_activation_reads",
          "cnvlutin_weight_reads",
          "cnvlutin_output_writes");

  private SliceRow() {}

  static Row of(
      String network,
      Faults faults,
      String layer,
      int position,
      int firstImage,
      long images,
      LayerCounts counts) {
    List<Object> values =
        new ArrayList<>(
            Arrays.asList(
                network,
                faults.kind() == null ? null : faults.kind().name(),
                faults.rate(),
                faults.map(),
                layer,
                position,
                firstImage,
                images));
    values.addAll(values(counts));
    return RowFactory.create(values.toArray());
  }

  private static List<Long> values(LayerCounts c) {
    return List.of(
        c.baselineCycles(),
        c.cnvlutinCycles(),
        c.windowCycles(),
        c.laneCycles(),
        c.activations(),
        c.zeroActivations(),
        c.macs(),
        c.effectualMacs(),
        c.baseline().activationReads(),
        c.baseline().weightReads(),
        c.baseline().outputWrites(),
        c.cnvlutin().activationReads(),
        c.cnvlutin().weightReads(),
        c.cnvlutin().outputWrites());
  }

  /** The counts of a row of either table. */
  static LayerCounts counts(Row row) {
    return new LayerCounts(
        row.getAs("baseline_cycles"),
        row.getAs("cnvlutin_cycles"),
        row.getAs("window_cycles"),
        row.getAs("lane_cycles"),
        row.getAs("activations"),
        row.getAs("zero_activations"),
        row.getAs("macs"),
        row.getAs("effectual_macs"),
        accesses(row, "baseline"),
        accesses(row, "cnvlutin"));
  }

  private static Accesses accesses(Row row, String machine) {
    return new Accesses(
        row.getAs(machine + "_activation_reads"),
        row.getAs(machine + "_weight_reads"),
        row.getAs(machine + "_output_writes"));
  }
}
