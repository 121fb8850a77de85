package org.bitquake.engine.onednn;

import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * Provides {@link FloatEngine}: every kind of network on x86-64, and the fastest for 8-bit ones on
 * processors without VNNI.
 */
public final class FloatProvider implements EngineProvider {
  static final String NAME = "onednn-float";

  private static final double NANOS_PER_OUTPUT = 1.2;

  private final OneDnnProvider libraries = new OneDnnProvider();

  private volatile Optional<Isa> isa = Optional.empty();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    Optional<String> obstacle = libraries.unavailable();
    if (obstacle.isEmpty()) {
      isa = Optional.of(Isa.ofThisProcess());
    }
    return obstacle;
  }

  @Override
  public Optional<String> unsupported(QuantizedNetwork network) {
    long bytes = new FloatBuffers(network).bytesPerImage();
    if (bytes > OneDnnEngine.MAX_BLOCK_BYTES) {
      return Optional.of(
          Text.of(
              "an image needs %d MB of memory; this engine has room for %d",
              bytes >> 20, OneDnnEngine.MAX_BLOCK_BYTES >> 20));
    }
    return network.layers().stream()
        .filter(layer -> !sumsExactly(network, layer))
        .findFirst()
        .map(layer -> Text.of("layer %s: its sums can leave float32's integers", layer.name()));
  }

  private static boolean sumsExactly(QuantizedNetwork network, Layer layer) {
    return layer instanceof Convolution c
        ? FloatWeights.sumsExactly(c, c.weights().codes(), network.codes(c.input()))
        : FloatBlock.sumsExactly(network, layer);
  }

  @Override
  public double nanosPerImage(QuantizedNetwork network) {
    double outputs = network.layers().stream().mapToLong(l -> l.outputShape().size()).sum();
    double perMac = isa.filter(i -> !i.avx512()).isPresent() ? 0.035 : 0.017;
    return outputs * NANOS_PER_OUTPUT + network.macs() * perMac;
  }

  @Override
  public Engine prepare(QuantizedNetwork network) {
    return new FloatEngine(network);
  }
}
