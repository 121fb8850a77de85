package org.bitquake.fault;

/** What a faulty memory cell does to the bit it holds, where all faulty cells do the same. */
public enum FaultKind implements CellEffect {
  BIT_FLIP("bit-flip") {
    @Override
    public int apply(int cells, int mask) {
      return cells ^ mask;
    }
  },
  STUCK_AT_0("stuck-at-0") {
    @Override
    public int apply(int cells, int mask) {
      return cells & ~mask;
    }
  },
  STUCK_AT_1("stuck-at-1") {
    @Override
    public int apply(int cells, int mask) {
      return cells | mask;
    }
  };

  private final String label;

  FaultKind(String label) {
    this.label = label;
  }

  /** The name used in configurations and tables. */
  @Override
  public String label() {
    return label;
  }

  /**
   * The kind of that label.
   *
   * @throws org.bitquake.InputException if there is none
   */
  public static FaultKind of(String label) {
    return Labels.find("fault kind", values(), FaultKind::label, label);
  }

  @Override
  public boolean isStuck() {
    return this != BIT_FLIP;
  }

  /** The stored bits after the cells in {@code mask} are faulty. */
  public abstract int apply(int cells, int mask);

  @Override
  public int apply(int stored, int bits, int first, int second, int third) {
    return apply(stored, first);
  }
}
