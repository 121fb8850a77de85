package org.bitquake.fault;

/** The parts of a network's memory that single faults are drawn from, each by itself. */
public enum Stratification {
  /** One draw from all cells. */
  NETWORK("network"),
  /** A draw from the cells of each weight layer. */
  LAYER("layer"),
  /** A draw from the cells of each bit position of each weight layer. */
  BIT("bit");

  private final String label;

  Stratification(String label) {
    this.label = label;
  }

  /** The name used in configurations. */
  public String label() {
    return label;
  }

  /**
   * The stratification of that label.
   *
   * @throws org.bitquake.InputException if there is none
   */
  public static Stratification of(String label) {
    return Labels.find("stratification", values(), Stratification::label, label);
  }
}
