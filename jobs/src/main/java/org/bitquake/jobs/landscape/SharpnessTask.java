package org.bitquake.jobs.landscape;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.bitquake.landscape.Ascent;
import org.bitquake.landscape.Eigenvalue;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.Probes;

/** Computes units of a {@link SharpnessPlan} for one network. */
record SharpnessTask(
    GridPlan plan,
    SharpnessPlan sharpness,
    int network,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels)
    implements FlatMapFunction<Iterator<Integer>, double[]> {

  /** A unit's number, then its figures, for each unit. */
  @Override
  public Iterator<double[]> call(Iterator<Integer> units) {
    var f = new LossBench(plan, networkFiles.value(), pixelsAndLabels.value()).loss(network);
    List<double[]> results = new ArrayList<>();
    units.forEachRemaining(unit -> results.add(compute(f, unit)));
    return results.iterator();
  }

  private double[] compute(LossFunction f, int unit) {
    float[][] centre = f.space().centre();
    if (unit == SharpnessPlan.EIGENVALUE) {
      var e =
          Eigenvalue.largest(
              f.hessian(centre), plan.seed(), sharpness.tolerance(), sharpness.iterations());
      return new double[] {unit, e.value(), e.residual(), e.iterations(), e.converged() ? 1 : 0};
    }
    if (unit == SharpnessPlan.ASCENT) {
      var ascent = Ascent.of(f, sharpness.rho(), sharpness.steps());
      return new double[] {
        unit,
        ascent.oneStepRise(),
        ascent.rise(),
        ascent.centre().loss(),
        ascent.centre().accuracy()
      };
    }
    int number = unit - SharpnessPlan.FIRST_PROBE;
    return new double[] {unit, Probes.trace(f.hessian(centre), plan.seed(), number)};
  }
}
