package org.bitquake.singlefault;

/**
 * What a single fault does to a network's answers on a set of images, compared with the fault-free
 * (golden) run. Each fault has exactly one outcome, that of the image it harms most.
 */
public enum Outcome {
  /**
   * No logit of any image differs by a bit: the cell holds the value that it is stuck at, or the
   * network's rounding, clipping, maxima and zeros swallow the change.
   */
  MASKED("masked"),

  /** Some logit of some image differs, but each image is predicted as without the fault. */
  CHANGED_LOGITS("changed-logits"),

  /**
   * At least one image is predicted as another class than without the fault, whether that is right
   * or wrong: silent data corruption of the first class, SDC-1 of Li et al., "Understanding error
   * propagation in deep learning neural network (DNN) accelerators and applications", SC '17,
   * section 4.6, <a href="https://doi.org/10.1145/3126908.3126964">doi:10.1145/3126908.3126964</a>.
   */
  CHANGED_PREDICTION("changed-prediction");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  /** The name used in tables. */
  public String label() {
    return label;
  }
}
