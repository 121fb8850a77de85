package org.bitquake.cnvlutin;

import org.bitquake.Text;

/**
 * Energy of one access to each memory, in picojoules. See {@link Accesses} for what one access is.
 */
public record AccessEnergy(double activationRead, double weightRead, double outputWrite) {
  public AccessEnergy {
    require("activationRead", activationRead);
    require("weightRead", weightRead);
    require("outputWrite", outputWrite);
  }

  private static void require(String name, double picojoules) {
    if (!(picojoules >= 0 && picojoules <= 1e12)) {
      throw new IllegalArgumentException(
          Text.of("%s must be 0 to 1e12 picojoules, not %s", name, picojoules));
    }
  }

  /** Energy of so many accesses, in picojoules. */
  public double of(Accesses accesses) {
    return accesses.activationReads() * activationRead
        + accesses.weightReads() * weightRead
        + accesses.outputWrites() * outputWrite;
  }
}
