package org.bitquake.fault;

/** How a signed weight code is stored in {@code bits} memory cells. */
public enum Encoding {
  TWOS_COMPLEMENT("twos-complement"),
  OFFSET_BINARY("offset-binary"),
  SIGN_MAGNITUDE("sign-magnitude");

  private final String label;

  Encoding(String label) {
    this.label = label;
  }

  /** The name used in configurations and tables. */
  public String label() {
    return label;
  }
}
