package org.bitquake.jobs.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.engine.ActivationStatistics.Zeros;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultNoise;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.LayerCases;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Window;

/**
 * A network in words.
 *
 * @param zeroActivations of the layers with weights and activation; empty if not measured
 */
record NetworkInspection(QuantizedNetwork network, List<Zeros> zeroActivations) {
  private static final double NOISE_RATE = 0.01;

  /**
   * The layers, the totals, the content hash. Columns: bits, step and zeros of the weight codes,
   * and the {@linkplain FaultNoise noise} that bit flips in 1 % of the cells add to them; then
   * bits, step and zeros of the output codes.
   */
  String layers() {
    var table =
        new TextTable(
            "layer",
            "type",
            "in → out",
            "kernel",
            "weights",
            "MACs",
            "bits",
            "step",
            "zero",
            "flip noise",
            "out bits",
            "out step",
            "out zero");
    IntStream.range(0, network.layers().size()).forEach(i -> addLayer(table, i));
    int[] bits = network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
    long cells =
        network.weightLayers().stream()
            .mapToLong(c -> (long) c.weights().codes().length * c.weights().bits())
            .sum();
    return Text.of(
        "%s\n%s\n%s%s\n",
        table.render(),
        Text.of(
            "%,d weights of %s bits in %,d memory cells; %,d multiply-accumulates an image",
            network.weightCount(),
            range(Arrays.stream(bits).min().orElse(0), Arrays.stream(bits).max().orElse(0)),
            cells,
            network.macs()),
        encodings(),
        "content hash " + network.contentHash());
  }

  private String encodings() {
    return network.weightLayers().stream().anyMatch(c -> c.weights().isMidRise())
        ? "weight codes are unsigned and mid-rise, none is 0; memory holds them as they are with"
            + " faults.encoding: offset-binary\n"
        : "";
  }

  /** How the network came to be, a line for each key. */
  String provenance() {
    var text = new StringBuilder();
    new TreeMap<>(network.provenance())
        .forEach(
            (key, value) -> text.append("  ").append(key).append(": ").append(value).append('\n'));
    return text.isEmpty() ? "provenance unknown\n" : "provenance\n" + text;
  }

  private void addLayer(TextTable table, int position) {
    Layer layer = network.layers().get(position);
    String shapes = layer.inputShape() + " → " + layer.outputShape();
    if (layer instanceof Convolution c) {
      addWeights(table, c, shapes);
    } else {
      addPlain(
          table,
          layer,
          kind(layer),
          shapes,
          window(layer).map(NetworkInspection::windows).orElse(null));
    }
  }

  private static String kind(Layer layer) {
    return layer.match(
        new LayerCases<>() {
          @Override
          public String convolution(Convolution c) {
            return (c.isDense() ? "dense" : "conv")
                + (c.residual().isPresent() ? " + residual" : "");
          }

          @Override
          public String maxPool(MaxPool pool) {
            return "max pool";
          }

          @Override
          public String averagePool(AveragePool pool) {
            return "average pool";
          }

          @Override
          public String globalSum(GlobalSum sum) {
            return "global sum";
          }

          @Override
          public String add(Add add) {
            return "add";
          }

          @Override
          public String concat(Concat concat) {
            return "concat";
          }

          @Override
          public String pad(Pad pad) {
            return "pad";
          }
        });
  }

  private static Optional<Window> window(Layer layer) {
    if (layer instanceof MaxPool pool) {
      return Optional.of(pool.window());
    }
    return layer instanceof AveragePool pool ? Optional.of(pool.window()) : Optional.empty();
  }

  /** Kernel and stride, and what else is not the same both ways. */
  private static String windows(Window w) {
    String strides =
        w.strideY() == w.strideX()
            ? Integer.toString(w.strideY())
            : w.strideY() + "×" + w.strideX();
    String dilation =
        w.dilationY() * w.dilationX() == 1
            ? ""
            : Text.of(", dilation %d×%d", w.dilationY(), w.dilationX());
    return Text.of("%d×%d / %s%s", w.kernelHeight(), w.kernelWidth(), strides, dilation);
  }

  private static void addPlain(
      TextTable table, Layer layer, String type, String shapes, String kernel) {
    table.add(
        layer.name(), type, shapes, kernel, null, null, null, null, null, null, null, null, null);
  }

  private void addWeights(TextTable table, Convolution c, String shapes) {
    byte[] codes = c.weights().codes();
    int perChannel = codes.length / c.geometry().outChannels();
    int gain = c.weights().gain();
    long zeroCodes =
        IntStream.range(0, codes.length)
            .filter(i -> gain * codes[i] + c.weights().offset(i / perChannel) == 0)
            .count();
    table.add(
        c.name(),
        kind(c),
        shapes,
        windows(c.geometry().window()),
        Text.of("%,d", codes.length),
        Text.of("%,d", c.macs()),
        Integer.toString(c.weights().bits()),
        steps(c.weights().step()),
        percent(zeroCodes / (double) codes.length),
        noise(c.weights()),
        c.activation().map(a -> Integer.toString(a.bits())).orElse(null),
        c.activation().map(a -> number(a.step())).orElse(null),
        zeros(c.name()));
  }

  private static String noise(WeightCodes weights) {
    double ratio =
        FaultNoise.ratio(
            weights.codes(),
            weights.step(),
            weights.bits(),
            weights.gain(),
            weights.offset(),
            FaultKind.BIT_FLIP,
            Encoding.TWOS_COMPLEMENT,
            NOISE_RATE);
    return Double.isNaN(ratio) ? null : percent(ratio);
  }

  private String zeros(String layer) {
    return zeroActivations.stream()
        .filter(z -> z.layer().equals(layer))
        .findFirst()
        .map(z -> percent(z.fraction()))
        .orElse(null);
  }

  private static String steps(float[] steps) {
    float least = steps[0];
    float greatest = steps[0];
    for (float step : steps) {
      least = Math.min(least, step);
      greatest = Math.max(greatest, step);
    }
    return least == greatest ? number(least) : number(least) + " … " + number(greatest);
  }

  private static String range(int least, int greatest) {
    return least == greatest ? Integer.toString(least) : least + " to " + greatest;
  }

  private static String number(float value) {
    return Text.of("%.4g", value);
  }

  private static String percent(double fraction) {
    return Text.of("%.1f %%", 100 * fraction);
  }
}
