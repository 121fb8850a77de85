package org.bitquake.train;

import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Stops a training run whose network has died: a loss that is no number or no better than guessing,
 * or a hidden layer that writes only zeros.
 */
final class CollapseGuard {
  private static final double DEAD = 0.9999;
  private static final double NO_BETTER_THAN_GUESSING = 0.97;

  /** So many updates a sound network needs at most to be better than guessing. */
  private static final long PATIENCE = 1000;

  private final TrainOptions options;

  CollapseGuard(TrainOptions options) {
    this.options = options;
  }

  /** Checks the zero fractions of the hidden layers over some updates. */
  void checkActivations(int epoch, List<String> layers, List<Double> zeroFractions) {
    for (int l = 0; l < layers.size(); l++) {
      if (zeroFractions.get(l) > DEAD) {
        throw collapsed(epoch, Text.of("layer %s writes only zeros", layers.get(l)));
      }
    }
  }

  void checkStep(int epoch, double loss) {
    if (!Double.isFinite(loss)) {
      throw collapsed(epoch, "the loss is no number any more");
    }
  }

  /**
   * @param updates done so far
   */
  void checkEpoch(int epoch, long updates, double meanLoss, int classes) {
    if (updates >= PATIENCE && meanLoss > NO_BETTER_THAN_GUESSING * Math.log(classes)) {
      throw collapsed(epoch, Text.of("the mean loss %.3f is no better than guessing", meanLoss));
    }
  }

  private InputException collapsed(int epoch, String how) {
    String faults = options.faultRate() > 0 ? Text.of(", faultRate (%s)", options.faultRate()) : "";
    String clip = options.clip().clips() ? Text.of(", or raise clip (%s)", options.clip()) : "";
    return new InputException(
        Text.of(
                "network %s collapsed in epoch %d: %s; lower lambda (%s), rho (%s)%s",
                options.name(), epoch, how, options.lambda(), options.rho(), faults)
            + Text.of(" or learningRate (%s)%s", options.learningRate(), clip));
  }
}
