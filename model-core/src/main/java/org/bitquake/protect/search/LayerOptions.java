package org.bitquake.protect.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bitquake.fault.Encoding;
import org.bitquake.protect.Part;
import org.bitquake.protect.search.Front.Option;
import org.bitquake.protect.search.Step.Phase;

/**
 * What is known of the layers in one encoding: what faults do that fall into one bit of one layer
 * alone, and what can be done for a layer. A technique of single bits is taken to leave no harm:
 * where that is wrong, measuring whole designs will tell.
 */
final class LayerOptions {
  private final DesignSpace space;
  private final Design bare;

  /** In accuracy, 0 at least, {@code [layer][bit]}. */
  private final double[][] harm;

  private final List<List<Option>> options = new ArrayList<>();

  private LayerOptions(DesignSpace space, Encoding encoding, double[][] harm) {
    this.space = space;
    this.bare = space.bare(encoding);
    this.harm = harm;
    for (int layer = 0; layer < harm.length; layer++) {
      options.add(bits(layer));
    }
  }

  /** Measures the harm of each bit of each layer; what can be done are techniques of bits. */
  static LayerOptions of(DesignSpace space, Encoding encoding, Measurements measurements) {
    var bare = space.bare(encoding);
    var spared = bare.withRest(DesignSpace.SPARED);
    List<Design> designs = new ArrayList<>();
    for (int layer = 0; layer < bare.layers(); layer++) {
      for (int bit = 0; bit < bare.bits(layer); bit++) {
        designs.add(spared.with(layer, bit, Design.NONE));
      }
    }
    var measured = measurements.measure(Phase.HARM, designs).iterator();
    double[][] harm = new double[bare.layers()][];
    for (int layer = 0; layer < harm.length; layer++) {
      harm[layer] = new double[bare.bits(layer)];
      for (int bit = 0; bit < harm[layer].length; bit++) {
        harm[layer][bit] = Math.max(0, measured.next().loss());
      }
    }
    return new LayerOptions(space, encoding, harm);
  }

  /** The bits that do the most harm protected, for each number of bits. */
  private List<Option> bits(int layer) {
    double[] its = harm[layer];
    int technique = space.bitwise();
    var order =
        IntStream.range(0, its.length)
            .boxed()
            .sorted(Comparator.comparingDouble(bit -> -its[bit]))
            .toList();
    var design = bare;
    double left = IntStream.range(0, its.length).mapToDouble(bit -> its[bit]).sum();
    List<Option> bits = new ArrayList<>(List.of(new Option(design, 0, left)));
    for (int i = 0; i < order.size() && technique != Design.NONE; i++) {
      int bit = order.get(i);
      design = design.with(layer, bit, technique);
      left = i + 1 == order.size() ? 0 : Math.max(0, left - its[bit]);
      bits.add(new Option(design, space.cost(design).area(), left));
    }
    return bits;
  }

  /** Measures codes over a layer, or over its most harmful bit, where they may be worth it. */
  void addCodes(Measurements measurements) {
    Map<Design, Integer> layerOf = new LinkedHashMap<>();
    for (int layer = 0; layer < harm.length; layer++) {
      for (var design : coded(layer)) {
        layerOf.put(design, layer);
      }
    }
    var spared = bare.withRest(DesignSpace.SPARED);
    List<Design> alone = new ArrayList<>();
    layerOf.forEach((design, layer) -> alone.add(spared.withLayer(layer, design)));
    if (alone.isEmpty()) {
      return;
    }
    var measured = measurements.measure(Phase.HARM, alone).iterator();
    layerOf.forEach(
        (design, layer) -> {
          double left = Math.max(0, measured.next().loss());
          options.get(layer).add(new Option(design, space.cost(design).area(), left));
        });
  }

  private List<Design> coded(int layer) {
    int bits = bare.bits(layer);
    int top =
        IntStream.range(0, bits)
            .boxed()
            .max(Comparator.comparingDouble(bit -> harm[layer][bit]))
            .orElseThrow();
    List<Design> designs = new ArrayList<>();
    if (harm[layer][top] == 0) {
      return designs;
    }
    for (int i = 0; i < space.techniques().size(); i++) {
      if (space.isBitwise(i)) {
        continue;
      }
      if (isWorth(layer, 0, bits, i)) {
        designs.add(bare.with(layer, 0, bits, i));
      }
      boolean wholeWeights = space.part(i) instanceof Part.Remap;
      if (!wholeWeights && isWorth(layer, top, top + 1, i)) {
        designs.add(bare.with(layer, top, top + 1, i));
      }
    }
    return designs;
  }

  /** Cells that cannot fail are better than a code; so it must cost less than they would. */
  private boolean isWorth(int layer, int first, int end, int code) {
    int hard = space.bitwise();
    return hard == Design.NONE
        || !(space.part(hard) instanceof Part.Harden)
        || space.cost(bare.with(layer, first, end, code)).area()
            < space.cost(bare.with(layer, first, end, hard)).area();
  }

  /** The designs that are cheapest for their harm, if that adds up. */
  Front front() {
    return Front.of(bare, options);
  }

  /** The harm that is left in a design, if that adds up. */
  double left(Design design) {
    return IntStream.range(0, harm.length).mapToDouble(layer -> left(design, layer)).sum();
  }

  private double left(Design design, int layer) {
    for (var option : options.get(layer)) {
      if (design.withLayer(layer, option.layer()).equals(design)) {
        return option.harm();
      }
    }
    return IntStream.range(0, design.bits(layer))
        .filter(bit -> design.technique(layer, bit) == Design.NONE)
        .mapToDouble(bit -> harm[layer][bit])
        .sum();
  }

  /** What else one layer could have, and how much more harm that would do. */
  Map<Design, Double> neighbours(Design design) {
    Map<Design, Double> all = new LinkedHashMap<>();
    for (int layer = 0; layer < design.layers(); layer++) {
      double now = left(design, layer);
      for (var option : options.get(layer)) {
        all.put(design.withLayer(layer, option.layer()), option.harm() - now);
      }
      for (int bit = 0; bit < design.bits(layer); bit++) {
        all.put(design.with(layer, bit, Design.NONE), harm[layer][bit]);
      }
    }
    all.remove(design);
    return all;
  }
}
