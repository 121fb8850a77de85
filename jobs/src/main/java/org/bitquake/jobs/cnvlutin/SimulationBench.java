package org.bitquake.jobs.cnvlutin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.bitquake.cnvlutin.CountingSimulator;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.cnvlutin.NetworkSimulator;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.FaultTarget;
import org.bitquake.jobs.cnvlutin.SimulationPlan.Faults;
import org.bitquake.jobs.cnvlutin.SimulationPlan.Unit;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/** Runs units one after the other; keeps the network that it was at. Not thread-safe. */
final class SimulationBench implements AutoCloseable {
  private final SimulationPlan plan;
  private final byte[][] networkFiles;
  private final byte[] pixels;
  private Loaded current;

  /** A network with its simulator, and the faults in its weight memory. */
  private static final class Loaded {
    final int position;
    final QuantizedNetwork network;
    final NetworkSimulator simulator;
    final Map<MemoryModel, FaultSource> sources = new HashMap<>();
    final Map<MemoryModel, BufferSampler> samplers = new HashMap<>();
    Faults faults = Faults.NONE;

    Loaded(int position, QuantizedNetwork network, SimulationPlan plan) {
      this.position = position;
      this.network = network;
      this.simulator =
          new NetworkSimulator(network, plan.accelerator(), CountingSimulator::new, plan.slice());
    }

    FaultSource source(MemoryModel kind, SimulationPlan plan) {
      return sources.computeIfAbsent(
          kind,
          its ->
              its.source(
                  plan.seed(),
                  CampaignNetwork.weights(network),
                  CampaignNetwork.bits(network),
                  plan.scope(position)));
    }

    BufferSampler sampler(MemoryModel kind, SimulationPlan plan) {
      return samplers.computeIfAbsent(kind, its -> its.sampler(plan.seed(), network));
    }
  }

  /**
   * @param pixels of all images
   */
  SimulationBench(SimulationPlan plan, byte[][] networkFiles, byte[] pixels) {
    this.plan = plan;
    this.networkFiles = networkFiles;
    this.pixels = pixels;
  }

  /** Rows for each image, or one, of each layer. */
  List<Row> run(Unit unit) {
    var it = loaded(unit.network());
    expose(it, unit.faults().isOfBuffer() ? Faults.NONE : unit.faults());
    int layers = it.network.weightLayers().size();
    int runs = plan.perImage() ? unit.count() : 1;
    var sums = new LayerCounts[runs][layers];
    for (LayerCounts[] run : sums) {
      Arrays.fill(run, LayerCounts.NONE);
    }
    int size = plan.imageShape().size();
    byte[] images =
        Arrays.copyOfRange(pixels, unit.first() * size, (unit.first() + unit.count()) * size);
    simulate(
        it,
        unit,
        images,
        (image, layer, counts) -> {
          var run = sums[plan.perImage() ? image : 0];
          run[layer] = run[layer].plus(counts);
        });
    List<Row> rows = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      for (int layer = 0; layer < layers; layer++) {
        rows.add(
            SliceRow.of(
                plan.names().get(unit.network()),
                unit.faults(),
                it.network.weightLayers().get(layer).name(),
                layer,
                unit.first() + run,
                plan.perImage() ? 1 : unit.count(),
                sums[run][layer]));
      }
    }
    return rows;
  }

  private void simulate(Loaded it, Unit unit, byte[] images, NetworkSimulator.Observer observer) {
    var faults = unit.faults();
    if (!faults.isOfBuffer()) {
      it.simulator.run(images, unit.count(), observer);
      return;
    }
    var model = faults.kind().faults();
    var sampler = it.sampler(faults.kind(), plan);
    sampler.draw(faults.map(), plan.highestRate());
    int[] numbers = IntStream.range(unit.first(), unit.first() + unit.count()).toArray();
    var memory = sampler.faults(model.effect(), faults.rate(), numbers);
    boolean offsets = model.memory().target() == FaultTarget.OFFSETS;
    it.simulator.run(
        images,
        unit.count(),
        offsets ? ActivationFaults.NONE : memory,
        offsets ? memory : ActivationFaults.NONE,
        observer);
  }

  private Loaded loaded(int position) {
    if (current == null || current.position != position) {
      close();
      try (var in = new ByteArrayInputStream(networkFiles[position])) {
        current = new Loaded(position, QnnFile.read(in, plan.names().get(position)), plan);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return current;
  }

  /** Puts the weights into a faulty memory. */
  private void expose(Loaded it, Faults faults) {
    if (faults.equals(it.faults)) {
      return;
    }
    byte[][] codes = it.network.copyCodes();
    if (faults.map() != null) {
      it.source(faults.kind(), plan)
          .draw(faults.map(), plan.highestRate())
          .apply(faults.kind().faults().effect(), faults.rate(), plan.encoding(), codes);
    }
    it.simulator.load(codes);
    it.faults = faults;
  }

  @Override
  public void close() {
    if (current != null) {
      current.simulator.close();
      current = null;
    }
  }
}
