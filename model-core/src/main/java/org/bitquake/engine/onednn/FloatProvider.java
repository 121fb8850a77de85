package org.bitquake.engine.onednn;

import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * Provides {@link FloatEngine}: every kind of network on x86-64. It is named for what always works;
 * what fits bytes is multiplied as such where the processor sums bytes exactly.
 */
public final class FloatProvider implements EngineProvider {
  static final String NAME = "onednn-float";

  private final OneDnnProvider libraries = new OneDnnProvider();
  private final Optional<Isa> limit;

  private volatile Isa known;

  public FloatProvider() {
    this(Optional.empty());
  }

  /**
   * @param limit what to go by instead of this process's processor, which must have it
   */
  FloatProvider(Optional<Isa> limit) {
    this.limit = limit;
    this.known = limit.orElse(Isa.FASTEST);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    Optional<String> obstacle = libraries.unavailable();
    if (obstacle.isEmpty() && limit.isEmpty()) {
      known = Isa.ofThisProcess();
    }
    return obstacle;
  }

  @Override
  public Optional<String> unsupported(QuantizedNetwork network) {
    var forms = new Forms(network, known);
    long bytes = new FloatBuffers(network, forms).bytesPerImage();
    if (bytes > OneDnnEngine.MAX_BLOCK_BYTES) {
      return Optional.of(
          Text.of(
              "an image needs %d MB of memory; this engine has room for %d",
              bytes >> 20, OneDnnEngine.MAX_BLOCK_BYTES >> 20));
    }
    return IntStream.range(0, network.layers().size())
        .filter(i -> !forms.inBytes(i) && !sumsExactly(network, network.layers().get(i)))
        .mapToObj(i -> network.layers().get(i).name())
        .findFirst()
        .map(layer -> Text.of("layer %s: its sums can leave float32's integers", layer));
  }

  private static boolean sumsExactly(QuantizedNetwork network, Layer layer) {
    return layer instanceof Convolution c
        ? FloatWeights.sumsExactly(c, c.weights().codes(), network.codes(c.input()))
        : FloatBlock.sumsExactly(network, layer);
  }

  @Override
  public double nanosPerImage(QuantizedNetwork network) {
    return Cost.nanosPerImage(network, new Forms(network, known), known);
  }

  @Override
  public Engine prepare(QuantizedNetwork network) {
    return new FloatEngine(network, new Forms(network, known));
  }
}
