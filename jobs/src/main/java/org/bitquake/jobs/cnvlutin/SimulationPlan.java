package org.bitquake.jobs.cnvlutin;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.data.Shape;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.ModelText;

/**
 * The work of a simulation in units, and the small part of it that tasks need.
 *
 * <p>A unit is a slice of consecutive images on a network under a fault map, or without faults.
 * Units follow from the simulation alone, never from the machine it runs on.
 *
 * @param layers weight layers in the fault scope, {@code [network][]}; none means all
 * @param bits bit positions in scope; none means all
 * @param shape {@code [C, H, W]} of an image
 * @param slice images of a unit; the last of a network and fault map may have fewer
 */
record SimulationPlan(
    long seed,
    List<String> names,
    int[][] layers,
    int[] bits,
    Accelerator accelerator,
    boolean perImage,
    List<ModelText> models,
    List<Double> rates,
    int maps,
    Encoding encoding,
    int[] shape,
    int images,
    int slice)
    implements Serializable {
  /** Multiply-accumulates of a unit: a second of one core, or so. */
  private static final double UNIT_MACS = 4e9;

  private static final int LEAST_IMAGES = 8;
  private static final int MOST_IMAGES = 500;

  static SimulationPlan of(Simulation it) {
    long macs = it.networks().stream().mapToLong(n -> n.network().macs()).max().orElseThrow();
    var shape = it.dataset().shape();
    return new SimulationPlan(
        it.seed(),
        it.networks().stream().map(CampaignNetwork::name).toList(),
        it.networks().stream().map(n -> ints(n.scope().layers())).toArray(int[][]::new),
        ints(it.networks().get(0).scope().bits()),
        it.accelerator(),
        it.perImage(),
        it.kinds().stream().map(ModelText::of).toList(),
        it.rates(),
        it.maps(),
        it.encoding(),
        new int[] {shape.channels(), shape.height(), shape.width()},
        it.images(),
        (int) Math.max(LEAST_IMAGES, Math.min(MOST_IMAGES, UNIT_MACS / macs)));
  }

  /**
   * What a memory of a network suffers.
   *
   * @param kind null without faults
   * @param rate 0 without faults
   * @param map number of the fault map; null without faults
   */
  record Faults(MemoryModel kind, double rate, Long map) {
    static final Faults NONE = new Faults(null, 0, null);

    /** Whether activations or offsets fail, not weights. */
    boolean isOfBuffer() {
      return kind != null && !kind.isOfWeights();
    }
  }

  /**
   * One unit.
   *
   * @param network its position
   * @param first image
   * @param count of images
   */
  record Unit(int network, Faults faults, int first, int count) {}

  /** Fault maps of all kinds and rates, and none. */
  int conditions() {
    return Math.addExact(1, Math.multiplyExact(models.size() * rates.size(), maps));
  }

  long slices() {
    return (images + slice - 1L) / slice;
  }

  long units() {
    return Math.multiplyExact((long) names.size() * conditions(), slices());
  }

  /** Unit {@code index}: slices first, then fault maps, rates, kinds, networks. */
  Unit unit(long index) {
    int first = (int) (index % slices()) * slice;
    long rest = index / slices();
    return new Unit(
        (int) (rest / conditions()),
        faults((int) (rest % conditions())),
        first,
        Math.min(slice, images - first));
  }

  private Faults faults(int condition) {
    if (condition == 0) {
      return Faults.NONE;
    }
    int cell = (condition - 1) / maps;
    return new Faults(
        models.get(cell / rates.size()).model(),
        rates.get(cell % rates.size()),
        (long) (condition - 1) % maps);
  }

  double highestRate() {
    return rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  FaultScope scope(int network) {
    return new FaultScope(set(layers[network]), set(bits));
  }

  Shape imageShape() {
    return new Shape(shape[0], shape[1], shape[2]);
  }

  private static int[] ints(Set<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private static Set<Integer> set(int[] values) {
    return Arrays.stream(values).boxed().collect(Collectors.toUnmodifiableSet());
  }
}
