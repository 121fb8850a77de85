package org.bitquake.engine.onednn;

import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bytedeco.javacpp.Loader;

/**
 * Provides {@link OneDnnEngine}: the fastest for wide networks, on x86-64.
 *
 * <p>oneDNN (formerly MKL-DNN) 2.5.2, https://github.com/oneapi-src/oneDNN, through JavaCPP.
 */
public final class OneDnnProvider implements EngineProvider {
  static final String NAME = "onednn";

  private volatile Isa known = Isa.FASTEST;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    String platform = Loader.getPlatform();
    if (!platform.endsWith("x86_64")) {
      return Optional.of("oneDNN has fast integer kernels for x86-64 only, not for " + platform);
    }
    try {
      known = Isa.ofThisProcess();
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of("oneDNN's native libraries do not load: " + e.getMessage());
    }
  }

  @Override
  public Optional<String> unsupported(QuantizedNetwork network) {
    if (network.beyondTraining().isPresent()) {
      return network.beyondTraining();
    }
    long bytes = OneDnnEngine.bytesPerImage(network);
    if (bytes > OneDnnEngine.MAX_BLOCK_BYTES) {
      return Optional.of(
          Text.of(
              "an image needs %d MB of memory; this engine has room for %d",
              bytes >> 20, OneDnnEngine.MAX_BLOCK_BYTES >> 20));
    }
    var isa = Isa.ofThisProcess();
    return network.weightLayers().stream()
        .flatMap(layer -> obstacle(network, layer, isa).stream())
        .findFirst();
  }

  private static Optional<String> obstacle(QuantizedNetwork network, Convolution layer, Isa isa) {
    int maxInput = network.maxCode(layer.input());
    long weights = (long) layer.weights().codes().length * Codes.of(network, layer.input()).parts();
    if (weights > OneDnnEngine.MAX_BLOCK_BYTES) {
      return Optional.of(
          Text.of(
              "layer %s: its inputs reach %d, which is too many bytes for each of its weights",
              layer.name(), maxInput));
    }
    int bits = layer.weights().bits() + (layer.weights().isMidRise() ? 1 : 0);
    if (!isa.sumsExactly(bits, Math.min(maxInput, Codes.MAX_BYTE))) {
      return Optional.of(
          Text.of(
              "layer %s: products of %d-bit weights and inputs up to %d can saturate on a processor"
                  + " without VNNI",
              layer.name(), bits, maxInput));
    }
    return layer
        .residual()
        .filter(
            r ->
                !isa.addsWithOneRounding(
                    r.ratio(), network.maxCode(r.source()), layer.geometry().groups()))
        .map(
            r ->
                Text.of(
                    "layer %s: a residual times %s is rounded twice %s",
                    layer.name(),
                    r.ratio(),
                    layer.geometry().groups() > 1
                        ? "by a kernel for groups"
                        : "on a processor without FMA"));
  }

  @Override
  public double nanosPerImage(QuantizedNetwork network) {
    return network.beyondTraining().isEmpty()
        ? Cost.nanosPerImage(network, known.nanosPerMac())
        : Double.POSITIVE_INFINITY; // such a network is not supported
  }

  @Override
  public Engine prepare(QuantizedNetwork network) {
    return new OneDnnEngine(network);
  }
}
