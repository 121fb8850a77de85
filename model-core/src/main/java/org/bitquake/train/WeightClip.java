package org.bitquake.train;

import java.io.Serializable;
import java.util.Arrays;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Weight clipping (Stutz et al., MLSys 2021, arXiv 2006.13977): the master weights of each layer
 * are kept within a bound before they are quantised and after each update. Biases and normalisation
 * are left alone.
 *
 * @param bound of magnitudes, in real units, the same for all layers; infinite for none
 * @param quantile so large a share of a layer's weights bounds the others: its ⌈quantile · n⌉-th
 *     smallest magnitude, anew after each update; 1 for none
 */
public record WeightClip(double bound, double quantile) implements Serializable {
  /** Leaves all weights as they are. */
  public static final WeightClip NONE = new WeightClip(Double.POSITIVE_INFINITY, 1);

  /**
   * @throws InputException if a bound is not positive or a quantile not within (0, 1]
   */
  public WeightClip {
    if (!(bound > 0)) {
      throw new InputException(Text.of("weights clip at a number above 0, not at %s", bound));
    }
    if (!(quantile > 0 && quantile <= 1)) {
      throw new InputException(
          Text.of("weights clip at a quantile between 0 and 1, not at %s", quantile));
    }
  }

  /** Within ± a bound. */
  public static WeightClip within(double bound) {
    return new WeightClip(bound, 1);
  }

  /** Within a quantile of the magnitudes. */
  public static WeightClip ofQuantile(double quantile) {
    return new WeightClip(Double.POSITIVE_INFINITY, quantile);
  }

  /** Whether there is anything to clip. */
  public boolean clips() {
    return !equals(NONE);
  }

  /** Clips the master weights. */
  void apply(QuantizedModel model) {
    if (clips()) {
      model.slots().forEach(s -> clip(model.master(), s.weightOffset(), s.weights()));
    }
  }

  /** Clips {@code w[offset … offset + length − 1]}, in place. */
  void clip(float[] w, int offset, int length) {
    float most = (float) Math.min(bound, quantile < 1 ? magnitude(w, offset, length) : bound);
    for (int i = offset; i < offset + length; i++) {
      w[i] = Math.min(Math.max(w[i], -most), most);
    }
  }

  private double magnitude(float[] w, int offset, int length) {
    var magnitudes = new float[length];
    for (int i = 0; i < length; i++) {
      magnitudes[i] = Math.abs(w[offset + i]);
    }
    Arrays.sort(magnitudes);
    return magnitudes[(int) Math.ceil(quantile * length) - 1];
  }

  /** As in provenance: {@code 0.1}, {@code quantile 0.99}. */
  @Override
  public String toString() {
    return quantile < 1 ? "quantile " + quantile : Double.toString(bound);
  }
}
