package org.nd4j.nativeblas;

/**
 * Brings back oneDNN in DL4J 1.0.0-M2.1: its helper asks a class of this name, which that release
 * no longer has, whether oneDNN may be used, and runs many times slower without the answer.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** What {@code BaseMKLDNNHelper} looks up by name. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
