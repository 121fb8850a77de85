package org.bitquake.jobs.singlefault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.injection.Failure;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.singlefault.FaultEffect;
import org.bitquake.singlefault.FaultyWeight;
import org.bitquake.singlefault.SingleFaultRunner.Result;

/**
 * Makes rows of the table {@code single_faults}.
 *
 * @param layers of the network with weights
 * @param together the cells that fail with one
 * @param layout where they lie; empty for single cells
 */
record FaultRow(
    FaultTask.Plan plan,
    int network,
    List<Convolution> layers,
    Function<SingleFault, List<SingleFault>> together,
    Optional<MemoryLayout> layout) {
  static FaultRow of(FaultTask.Plan plan, int index, QuantizedNetwork network) {
    var events = plan.events(index);
    return new FaultRow(
        plan,
        index,
        network.weightLayers(),
        events.together(network),
        events.areCells() ? Optional.empty() : Optional.of(events.layout(network)));
  }

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
    var cells = together.apply(fault);
    var weights = FaultyWeight.of(cells);
    Optional<FaultEffect> effect = result.effect();
    List<Object> values =
        new ArrayList<>(
            Arrays.asList(
                plan.names().get(network),
                plan.kind(),
                number,
                layer.name(),
                fault.weight() / filterSize,
                fault.weight() % filterSize,
                fault.bit(),
                (int) layer.weights().codes()[fault.weight()],
                read(own(fault, weights)),
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
                result.failure().map(Failure::describe).orElse(null)));
    layout.ifPresent(its -> addEvent(values, fault, cells, weights, its));
    return RowFactory.create(values.toArray());
  }

  private void addEvent(
      List<Object> values,
      SingleFault first,
      List<SingleFault> cells,
      List<FaultyWeight> weights,
      MemoryLayout memory) {
    var place = memory.place(memory.address(first.layer(), first.weight(), first.bit()));
    Collections.addAll(
        values,
        plan.events()[network],
        place.array(),
        place.row(),
        place.column(),
        cells.size(),
        (int) weights.stream().filter(its -> read(its) != code(its)).count());
  }

  private static FaultyWeight own(SingleFault fault, List<FaultyWeight> weights) {
    return weights.stream()
        .filter(its -> its.layer() == fault.layer() && its.weight() == fault.weight())
        .findFirst()
        .orElseThrow();
  }

  private int code(FaultyWeight its) {
    return layers.get(its.layer()).weights().codes()[its.weight()];
  }

  private int read(FaultyWeight its) {
    int bits = layers.get(its.layer()).weights().bits();
    return its.read(kind(), encoding(), bits, (byte) code(its));
  }
}
