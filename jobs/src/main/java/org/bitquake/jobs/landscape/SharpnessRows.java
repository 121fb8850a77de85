package org.bitquake.jobs.landscape;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.landscape.MeanEstimate;

/**
 * Makes the rows of the table {@code sharpness} of one network.
 *
 * @param results of the units of a {@link SharpnessPlan}, in any order
 * @param radii rows of the table {@code landscape} of kind radius, of this network
 */
record SharpnessRows(
    GridPlan plan, SharpnessPlan sharpness, int network, List<double[]> results, List<Row> radii) {

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    double[] ascent = unit(SharpnessPlan.ASCENT);
    rows.add(row("sam-one-step", sharpness.rho(), ascent[1], null, null, 1, null));
    rows.add(row("sam-ascent", sharpness.rho(), ascent[2], null, null, sharpness.steps(), null));
    for (double radius : plan.radii()) {
      var rise = rise(radius);
      rows.add(
          row("mean-rise", radius, rise.mean(), rise.standardError(), null, rise.samples(), null));
    }
    double[] eigenvalue = unit(SharpnessPlan.EIGENVALUE);
    rows.add(
        row(
            "largest-eigenvalue",
            null,
            eigenvalue[1],
            null,
            eigenvalue[2],
            (int) eigenvalue[3],
            eigenvalue[4] == 1));
    var trace = trace();
    rows.add(row("trace", null, trace.mean(), trace.standardError(), null, trace.samples(), null));
    return rows;
  }

  private double[] unit(int number) {
    return results.stream().filter(r -> r[0] == number).findFirst().orElseThrow();
  }

  private MeanEstimate trace() {
    return MeanEstimate.of(
        results.stream()
            .filter(r -> r[0] >= SharpnessPlan.FIRST_PROBE)
            .sorted(Comparator.comparingDouble(r -> r[0]))
            .mapToDouble(r -> r[1])
            .toArray());
  }

  private MeanEstimate rise(double radius) {
    double centre = unit(SharpnessPlan.ASCENT)[3];
    return MeanEstimate.of(
        radii.stream()
            .filter(row -> row.<Double>getAs("alpha") == radius)
            .sorted(Comparator.comparingLong(row -> row.getAs("direction")))
            .mapToDouble(row -> row.<Double>getAs("loss") - centre)
            .toArray());
  }

  private Row row(
      String measure,
      Double radius,
      double value,
      Double standardError,
      Double residual,
      int samples,
      Boolean converged) {
    double[] ascent = unit(SharpnessPlan.ASCENT);
    return RowFactory.create(
        plan.names().get(network),
        measure,
        radius,
        value,
        standardError,
        residual,
        samples,
        converged,
        ascent[3],
        ascent[4],
        plan.images(),
        plan.mode(),
        plan.seed(),
        plan.imagesSeed(),
        plan.dataset(),
        plan.hashes().get(network),
        plan.provenances().get(network));
  }
}
