package org.bitquake.fault;

/** Which memory fails. */
public enum FaultTarget {
  /** The codes of weights: {@link FaultSource}. */
  WEIGHTS("weights", 0),

  /** The codes between layers: {@link ActivationFaultSampler}. */
  ACTIVATIONS("activations", 1),

  /** The offsets that Cnvlutin stores with values that are not 0. */
  OFFSETS("offsets", 2);

  private final String label;
  private final int number;

  FaultTarget(String label, int number) {
    this.label = label;
    this.number = number;
  }

  /** The name used in configurations and tables. */
  public String label() {
    return label;
  }

  /**
   * The target of that label.
   *
   * @throws org.bitquake.InputException if there is none
   */
  public static FaultTarget of(String label) {
    return Labels.find("fault target", values(), FaultTarget::label, label);
  }

  /** A seed of its own, so that the faults of one target say nothing about another's. */
  long seed(long campaign) {
    var random = new Philox(campaign, number);
    random.block(0, 0, 0, Philox.TARGETS);
    return random.word0;
  }
}
