package org.bitquake.train;

import java.util.stream.IntStream;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Random bit-error training (RandBET; Stutz et al., MLSys 2021, arXiv 2006.13977, algorithm 1): to
 * the gradient of a step comes that of the same batch with weights whose memory cells were flipped
 * at a rate, new cells in each step.
 *
 * <p>As in the code that its authors published, every number of the second gradient is kept within
 * ± {@value #MOST}; running statistics of normalisation, and steps that are not learned, are those
 * of the clean pass; and a step has faults if in the step before the clean loss was below {@value
 * #SLACK} times a threshold and the mean of the clean loss and the one under faults, where it had
 * any, not above it. Their threshold, 1.75 for ten classes and 3.5 for a hundred, is 0.76 of the
 * loss of guessing, ln(classes). That code then halves the sum, which this one, as the paper, does
 * not.
 *
 * <p>A faulty weight is its faulty code times the step, so a learned step has the gradient {@code Σ
 * g·(faulty code − w/s)} inside the range and {@code Σ g·faulty code} outside, scaled as always.
 *
 * <p>Codes lie in two's complement; in offset binary, flips do the same.
 */
final class RandBet {
  static final float MOST = 0.05f;
  static final double SLACK = 1.15;

  private final double rate;
  private final double threshold;
  private final QuantizedModel model;
  private final SplitBatch batches;
  private final FaultSampler sampler;
  private final byte[][] faulty;
  private final float[] epsilon;
  private final float[] sum;
  private boolean on;

  /**
   * @param batches passes of the model
   */
  RandBet(TrainOptions options, QuantizedModel model, SplitBatch batches) {
    this.model = model;
    this.batches = batches;
    rate = options.faultRate();
    threshold = options.faultThreshold() * Math.log(options.model().classes());
    int[] weights = model.slots().stream().mapToInt(s -> s.weights()).toArray();
    int[] bits = model.weightQuantizers().stream().mapToInt(q -> q.bits()).toArray();
    sampler = new FaultSampler(seed(options.seed()), weights, bits, FaultScope.ALL);
    faulty = IntStream.of(weights).mapToObj(byte[]::new).toArray(byte[][]::new);
    epsilon = new float[model.master().length];
    sum = new float[model.master().length];
  }

  /** One that no campaign has: faults of the same numbers there are other ones. */
  private static long seed(long seed) {
    var random = new Philox(seed, 0);
    random.block(0, 0, 0, Philox.TRAINING);
    return random.word(0);
  }

  /** Whether the next step has faults. */
  boolean on() {
    return on;
  }

  void setOn(boolean on) {
    this.on = on;
  }

  /**
   * Adds the gradient under faults to the one that {@code model} holds for its master weights, and
   * looks whether the next step has faults.
   *
   * @param step number of the update in the whole training
   * @param clean the loss without faults
   * @param steps gradients of the steps, added to as well
   */
  void add(long step, INDArray images, INDArray labels, double clean, double[] steps) {
    double perturbed = 0;
    if (on) {
      float[] chosen = model.steps();
      System.arraycopy(model.gradient(), 0, sum, 0, sum.length);
      flip(step);
      perturbed = batches.pass(images, labels, epsilon);
      double[] second = gradient(Math.toIntExact(images.size(0)));
      for (int i = 0; i < steps.length; i++) {
        steps[i] += second[i];
      }
      for (int i = 0; i < sum.length; i++) {
        model.gradient()[i] += sum[i];
      }
      model.setSteps(chosen);
    }
    look(clean, perturbed);
  }

  /**
   * Looks whether the next step has faults.
   *
   * @param perturbed the loss under faults; 0 where the step had none
   */
  void look(double clean, double perturbed) {
    on = clean < SLACK * threshold && (clean + perturbed) / 2 <= threshold;
  }

  /**
   * Writes what the faults of a step add to the quantised weights to {@link #epsilon()}.
   *
   * @return what they did
   */
  FaultMap.Tally flip(long step) {
    byte[][] clean =
        IntStream.range(0, faulty.length)
            .mapToObj(l -> model.codes(l).codes())
            .toArray(byte[][]::new);
    var tally =
        sampler
            .draw(step, rate)
            .apply(FaultKind.BIT_FLIP, rate, Encoding.TWOS_COMPLEMENT, clean, faulty);
    for (int l = 0; l < faulty.length; l++) {
      int from = model.slots().get(l).weightOffset();
      float s = model.weightQuantizers().get(l).step();
      for (int i = 0; i < clean[l].length; i++) {
        epsilon[from + i] = (faulty[l][i] - clean[l][i]) * s;
      }
    }
    return tally;
  }

  /** In flat layout; 0 where there is no weight. */
  float[] epsilon() {
    return epsilon;
  }

  /** The gradient of the pass under faults, clipped and carried over to the master weights. */
  private double[] gradient(int batch) {
    float[] g = model.gradient();
    for (int i = 0; i < g.length; i++) {
      g[i] = Math.min(Math.max(g[i], -MOST), MOST);
    }
    var ofFaults = new double[faulty.length];
    for (int l = 0; l < faulty.length; l++) {
      ofFaults[l] = ofFaults(l);
    }
    double[] steps = model.straightThrough(batch);
    for (int i = 0; i < steps.length; i++) {
      double its = steps[i] + (i < ofFaults.length ? ofFaults[i] : 0);
      steps[i] = Math.min(Math.max(its, -MOST), MOST);
    }
    return steps;
  }

  /** {@code Σ g·(faulty code − code)} of a layer, scaled as the gradient of its step is. */
  private double ofFaults(int l) {
    var s = model.slots().get(l);
    var q = model.weightQuantizers().get(l);
    double sum = 0;
    for (int i = s.weightOffset(); i < s.weightOffset() + s.weights(); i++) {
      sum += model.gradient()[i] * (double) epsilon[i];
    }
    double high = (1 << (q.bits() - 1)) - 1;
    return sum / q.step() / Math.sqrt(s.weights() * high);
  }
}
