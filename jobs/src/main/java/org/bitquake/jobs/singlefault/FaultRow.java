package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.injection.Failure;
import org.bitquake.network.Convolution;
import org.bitquake.singlefault.FaultEffect;
import org.bitquake.singlefault.SingleFaultRunner.Result;

/**
 * Makes rows of the table {@code single_faults}.
 *
 * @param layers of the network with weights
 */
record FaultRow(FaultTask.Plan plan, int network, List<Convolution> layers) {
  FaultKind kind() {
    return FaultKind.of(plan.kind());
  }

  Encoding encoding() {
    return Encoding.of(plan.encoding());
  }

  Row of(long number, Result result, int images, int golden) {
    var fault = result.fault();
    var layer = layers.get(fault.layer());
    int filterSize = layer.weights().codes().length / layer.geometry().outChannels();
    byte before = layer.weights().codes()[fault.weight()];
    Optional<FaultEffect> effect = result.effect();
    return RowFactory.create(
        plan.names().get(network),
        plan.kind(),
        number,
        layer.name(),
        fault.weight() / filterSize,
        fault.weight() % filterSize,
        fault.bit(),
        (int) before,
        (int) fault.apply(kind(), encoding(), layer.weights().bits(), before),
        effect.map(e -> e.outcome().label()).orElse(null),
        images,
        effect.map(FaultEffect::changedLogits).orElse(null),
        effect.map(FaultEffect::changedPredictions).orElse(null),
        effect.map(FaultEffect::lost).orElse(null),
        effect.map(e -> golden - e.lost() + e.gained()).orElse(null),
        golden,
        plan.seed(),
        plan.encoding(),
        plan.hashes().get(network),
        plan.dataset(),
        result.failure().map(Failure::describe).orElse(null));
  }
}
