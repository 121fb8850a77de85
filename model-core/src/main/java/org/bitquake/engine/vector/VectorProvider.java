package org.bitquake.engine.vector;

import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.VectorModule;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * Provides {@link VectorEngine} where the module {@code jdk.incubator.vector} is there and the
 * processor has vectors of 256 bits or more. Names no class of that module itself, so that it loads
 * without it.
 */
public final class VectorProvider implements EngineProvider {
  static final String NAME = "vector";

  /** With fewer taps to a 16-bit sum than this, adding up the sums costs more than the products. */
  private static final int SHORTEST_RUN = 4;

  private static final int SMALLEST_WIDTH = 16;
  private static final double NANOS_PER_MAC_OF_32_LANES = 0.009;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    if (VectorModule.missing().isPresent()) {
      return VectorModule.missing();
    }
    return Lanes.WIDTH < SMALLEST_WIDTH
        ? Optional.of(Text.of("this processor's vectors have %d bits", 16 * Lanes.WIDTH))
        : Optional.empty();
  }

  @Override
  public Optional<String> unsupported(QuantizedNetwork network) {
    if (network.beyondTraining().isPresent()) {
      return network.beyondTraining();
    }
    for (int p = 0; p < network.layers().size() - 1; p++) {
      if (network.maxCode(p) > Short.MAX_VALUE) {
        return Optional.of(
            Text.of(
                "layer %s writes codes up to %d, which 16 bits do not hold",
                network.layers().get(p).name(), network.maxCode(p)));
      }
    }
    for (Convolution c : network.weightLayers()) {
      int maxIn = network.maxCode(c.input());
      long largest = (long) maxIn * c.weights().reach();
      if (largest > -Short.MIN_VALUE / SHORTEST_RUN) {
        return Optional.of(
            Text.of(
                "layer %s: products up to %d leave no room for 16-bit sums", c.name(), largest));
      }
    }
    return Optional.empty();
  }

  @Override
  public double nanosPerImage(QuantizedNetwork network) {
    if (unavailable().isPresent()) {
      return Double.POSITIVE_INFINITY; // without the module, Lanes does not load
    }
    return network.macs() * NANOS_PER_MAC_OF_32_LANES * 32 / Lanes.WIDTH;
  }

  @Override
  public Engine prepare(QuantizedNetwork network) {
    return new VectorEngine(network);
  }
}
