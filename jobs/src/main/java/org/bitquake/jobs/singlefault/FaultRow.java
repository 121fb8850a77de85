package org.bitquake.jobs.singlefault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.jobs.injection.Failure;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.singlefault.FaultEffect;
import org.bitquake.singlefault.SingleFaultRunner.Result;

/**
 * Makes rows of the table {@code single_faults}.
 *
 * @param variant of the plan
 * @param layers of its network with weights
 * @param layout where cells lie; empty for single cells without protections
 */
record FaultRow(
    FaultTask.Plan plan, int variant, List<Convolution> layers, Optional<MemoryLayout> layout) {
  static FaultRow of(FaultTask.Plan plan, int variant, QuantizedNetwork network) {
    var events = plan.events(variant);
    return new FaultRow(
        plan,
        variant,
        network.weightLayers(),
        events.arePlain() ? Optional.empty() : Optional.of(events.layout(network)));
  }

  Row of(long number, Result result, int images, int golden) {
    var fault = result.fault();
    var layer = layers.get(fault.layer());
    int filterSize = layer.weights().codes().length / layer.geometry().outChannels();
    byte before = layer.weights().codes()[fault.weight()];
    Optional<FaultEffect> effect = result.effect();
    List<Object> values =
        new ArrayList<>(
            Arrays.asList(
                plan.names().get(variant),
                plan.kinds().get(variant),
                number,
                layer.name(),
                fault.weight() / filterSize,
                fault.weight() % filterSize,
                fault.bit(),
                (int) before,
                (int) result.reading().after(fault.layer(), fault.weight(), before),
                effect.map(e -> e.outcome().label()).orElse(null),
                images,
                effect.map(FaultEffect::changedLogits).orElse(null),
                effect.map(FaultEffect::changedPredictions).orElse(null),
                effect.map(FaultEffect::lost).orElse(null),
                effect.map(e -> golden - e.lost() + e.gained()).orElse(null),
                golden,
                plan.seed(),
                plan.encoding(),
                plan.hashes().get(variant),
                plan.dataset(),
                result.failure().map(Failure::describe).orElse(null)));
    layout.ifPresent(its -> addEvent(values, result, its));
    return RowFactory.create(values.toArray());
  }

  private void addEvent(List<Object> values, Result result, MemoryLayout memory) {
    var first = result.fault();
    var place = memory.place(memory.address(first.layer(), first.weight(), first.bit()));
    Collections.addAll(
        values,
        plan.events()[variant],
        place.array(),
        place.row(),
        place.column(),
        result.reading().faultyCells(),
        result.reading().changed().size());
  }
}
