package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.Convolution;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.quant.Quantizer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predictions of the integer network beside those of the DL4J graph with the same quantised
 * weights. The graph sums in float, so a pre-activation within rounding of a half step may fall to
 * the neighbouring code: a difference is explained where the first layer whose codes differ has
 * only such ties, or where no code differs and the two best logits are equal but for rounding.
 */
record Agreement(int images, List<Integer> differing, List<String> unexplained, int correct) {
  private static final int BATCH = 500;
  private static final double TIE = 1e-3;

  double share() {
    return 1 - (double) differing.size() / images;
  }

  double engineAccuracy() {
    return (double) correct / images;
  }

  static Agreement of(QuantizedNetwork network, Dataset data) {
    return of(network, model(network), data);
  }

  /**
   * @param model that the network was exported from, or one like it
   */
  static Agreement of(QuantizedNetwork network, QuantizedModel model, Dataset data) {
    int batch = Math.min(BATCH, data.size());
    var batches = new Batches(data, batch);
    int[] order = IntStream.range(0, data.size()).toArray();
    var differing = new ArrayList<Integer>();
    var unexplained = new ArrayList<String>();
    int correct = 0;
    try (var engine = new ReferenceEngine(network);
        var fast = Engines.prepare(network)) {
      int size = data.shape().size();
      int[] predictions = new int[batch];
      int[] reference = new int[batch];
      for (int from = 0; from < data.size(); from += batch) {
        batches.load(order, from);
        int[] graph = model.output(batches.images()).argMax(1).toIntVector();
        var pixels = Arrays.copyOfRange(data.pixels(), from * size, (from + batch) * size);
        fast.predict(pixels, batch, predictions);
        if (from == 0) { // the others are up to the contract of engines
          engine.predict(pixels, batch, reference);
          assertThat(predictions).isEqualTo(reference);
        }
        for (int i = 0; i < batch; i++) {
          correct += predictions[i] == data.label(from + i) ? 1 : 0;
          if (predictions[i] != graph[i]) {
            differing.add(from + i);
            var image = Arrays.copyOfRange(pixels, i * size, (i + 1) * size);
            if (!explained(network, engine, model, image)) {
              unexplained.add("image " + (from + i));
            }
          }
        }
      }
    }
    return new Agreement(data.size(), differing, unexplained, correct);
  }

  /** A network that travels with the sources: standard, as, saq or as-saq. */
  static QuantizedNetwork trained(String name) {
    return read(Path.of("../conf/networks/lenet5-" + name + ".qnn.npz"));
  }

  static QuantizedNetwork read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return QnnFile.read(in, file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The trainer's model with the network's quantised weights as its master weights. */
  static QuantizedModel model(QuantizedNetwork network) {
    boolean midRise = network.weightLayers().get(0).weights().isMidRise();
    var quantizer = midRise ? Quantizer.LIQ : Quantizer.LSQ;
    var model = new QuantizedModel(architecture(network), quantizer, 4, 4);
    WarmStart.load(model, network);
    return model;
  }

  private static Architecture architecture(QuantizedNetwork network) {
    int width = network.weightLayers().get(0).geometry().outChannels();
    String title = network.provenance().get("architecture");
    var known = Stream.of(KnownModel.values()).filter(m -> title.startsWith(m.title())).findFirst();
    boolean normalise = title.endsWith(" with batch normalisation");
    return known.orElseThrow().architecture(OptionalInt.of(width), 10, normalise);
  }

  private static boolean explained(
      QuantizedNetwork network, ReferenceEngine engine, QuantizedModel model, byte[] image) {
    var codes = new ArrayList<int[]>();
    engine.trace(image, 1, (i, position, layer, values) -> codes.add(values.clone()));
    var data = new Dataset("one", network.inputShape(), 10, image, new byte[] {0});
    var one = new Batches(data, 1);
    one.load(new int[] {0}, 0);
    Map<String, INDArray> activations = model.activations(one.images());
    int layers = network.layers().size();
    for (int p = 0; p < layers - 1; p++) {
      if (!(network.layers().get(p) instanceof Convolution c)) {
        continue;
      }
      float step = c.activation().orElseThrow().step();
      float[] graph = activations.get(c.name()).dup('c').data().asFloat();
      int[] input = p == 0 ? pixels(image) : codes.get(c.input());
      boolean differs = false;
      for (int o = 0; o < graph.length; o++) {
        if (Math.round(graph[o] / step) != codes.get(p)[o]) {
          differs = true;
          double y = preActivation(c, input, o);
          if (c.residual().isPresent()) {
            var r = c.residual().get();
            y += r.ratio() * (double) codes.get(r.source())[o];
          }
          if (Math.abs(y - Math.floor(y) - 0.5) > TIE) {
            return false;
          }
        }
      }
      if (differs) {
        return true;
      }
    }
    float[] logits = new float[network.classes()];
    engine.logits(image, 1, logits);
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[9] - sorted[8] <= TIE * Math.abs(sorted[9]);
  }

  private static int[] pixels(byte[] image) {
    return IntStream.range(0, image.length).map(i -> image[i] & 0xff).toArray();
  }

  /** (Σ w·a + bias)·scale of one output in double. */
  private static double preActivation(Convolution c, int[] input, int output) {
    var g = c.geometry();
    var in = c.inputShape();
    var out = c.outputShape();
    int channel = output / (out.height() * out.width());
    int oy = output / out.width() % out.height();
    int ox = output % out.width();
    int perGroup = in.channels() / g.groups();
    int first = channel / (out.channels() / g.groups()) * perGroup;
    long acc = 0;
    int w = channel * perGroup * g.kernelHeight() * g.kernelWidth();
    for (int ic = first; ic < first + perGroup; ic++) {
      for (int ky = 0; ky < g.kernelHeight(); ky++) {
        for (int kx = 0; kx < g.kernelWidth(); kx++, w++) {
          int y = oy * g.stride() + ky - g.padding();
          int x = ox * g.stride() + kx - g.padding();
          if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
            int weight = c.weights().gain() * c.weights().codes()[w] + c.weights().offset(channel);
            acc += (long) weight * input[(ic * in.height() + y) * in.width() + x];
          }
        }
      }
    }
    return ((double) acc + c.bias()[channel]) * c.scale()[channel];
  }

  @Override
  public String toString() {
    return Text.of(
        "%d of %d images differ, %d unexplained", differing.size(), images, unexplained.size());
  }
}
