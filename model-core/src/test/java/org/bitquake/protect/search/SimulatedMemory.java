package org.bitquake.protect.search;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Code;
import org.bitquake.protect.Part;
import org.bitquake.stats.DifferenceTally;

/**
 * A network of which it is known what each design truly loses: each bit of each layer does some
 * harm, a code leaves a share of it, and a law makes a loss of the sum. In a trial images are lost
 * with the true loss times the severity of its faults, whose mean is 1, so the true loss is the
 * mean of the trials.
 *
 * @param harm of each bit of each layer, in each encoding
 * @param left what each technique leaves of the harm
 * @param law of the loss of a sum of harm
 * @param severities of a trial's faults, as likely as each other
 */
record SimulatedMemory(
    DesignSpace space,
    double[][][] harm,
    double[] left,
    DoubleUnaryOperator law,
    double[] severities,
    int images) {
  static final Part HARDEN = new Part.Harden(Set.of(), Set.of(), 1.33);
  static final Part SECDED =
      new Part.Checked(Code.SECDED, 32, Part.OnError.KEEP, Set.of(), Set.of());
  static final List<Encoding> ENCODINGS =
      List.of(Encoding.TWOS_COMPLEMENT, Encoding.SIGN_MAGNITUDE);

  /** A space of layers {@code a}, {@code b}, … without limit of area. */
  static DesignSpace space(
      List<Encoding> encodings, List<Part> techniques, int bits, int... weights) {
    List<String> names = new ArrayList<>();
    int[] all = new int[weights.length];
    for (int layer = 0; layer < all.length; layer++) {
      names.add("abcdefgh".substring(layer, layer + 1));
      all[layer] = bits;
    }
    var memory = new MemoryLayout(Storage.DEFAULT, weights, all, 1);
    return new DesignSpace(names, memory, FaultScope.ALL, encodings, techniques, 10);
  }

  /** The loss that there is in truth. */
  double loss(Design design) {
    double[][] its = harm[space.encodings().indexOf(design.encoding())];
    double sum = 0;
    for (int layer = 0; layer < its.length; layer++) {
      for (int bit = 0; bit < its[layer].length; bit++) {
        int technique = design.technique(layer, bit);
        if (technique == Design.NONE) {
          sum += its[layer][bit];
        } else if (technique != DesignSpace.SPARED) {
          sum += left[technique] * its[layer][bit];
        }
      }
    }
    return law.applyAsDouble(sum);
  }

  /** Trials of a seed, the same faults and images for all designs. */
  Meter meter(long seed) {
    return (designs, from, to) ->
        designs.stream()
            .map(design -> trials(seed, loss(design), severities, images, from, to))
            .toList();
  }

  /** Trials that lose so much in the mean. */
  static DifferenceTally trials(
      long seed, double loss, double[] severities, int images, long from, long to) {
    long sum = 0;
    long squares = 0;
    long cubes = 0;
    long right = 0;
    long rightSquares = 0;
    int least = images;
    int most = 0;
    for (long trial = from; trial < to; trial++) {
      var random = new SplittableRandom(seed * 1_000_003 + trial);
      double severity = severities[random.nextInt(severities.length)];
      int lost = 0;
      for (int image = 0; image < images; image++) {
        lost += random.nextDouble() < severity * loss ? 1 : 0;
      }
      sum += lost;
      squares += (long) lost * lost;
      cubes += (long) lost * lost * lost;
      right += images - lost;
      rightSquares += (long) (images - lost) * (images - lost);
      least = Math.min(least, images - lost);
      most = Math.max(most, images - lost);
    }
    var cubed = BigInteger.valueOf(-cubes);
    return new DifferenceTally(
        images,
        to - from,
        -sum,
        squares,
        cubed,
        sum,
        right,
        rightSquares,
        least,
        most,
        to - from,
        0);
  }

  /** Trials without chance: each loses the true loss, to the image. */
  Meter exactMeter() {
    return (designs, from, to) ->
        designs.stream()
            .map(
                design -> {
                  int lost = (int) Math.round(loss(design) * images);
                  var one = DifferenceTally.of(images, images - lost, images, lost, 1);
                  return one.merge(one);
                })
            .toList();
  }
}
