package org.bitquake.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.ParameterSource.Parameters;
import org.bitquake.network.ParameterSource.Slot;

/**
 * Reads the {@code .npz} files in which research code saves 4-bit networks, in one of two layouts.
 *
 * <p>LeNet-5: for layers i = 0…4 int8 {@code w{i}} (codes), float32 {@code w{i}_scale} (step),
 * {@code b{i}} (bias in real units) and, for i &lt; 4, {@code a{i}_scale} (step of the 4-bit
 * output).
 *
 * <p>ResNet-18 for CIFAR: {@code stem}, {@code block{0..7}.conv1|conv2|shortcut} and {@code fc},
 * each with {@code .codes}, {@code .step}, {@code .bn.gamma|beta|mean|var} (epsilon 1e-5) and
 * {@code .act_step}; {@code fc.bias}. A shortcut has no {@code act_step}: its sums are added
 * unrounded, which the integer graph has not. It is rounded to 8 bits here, see {@link
 * #SHORTCUT_REACH}.
 */
public final class PrototypeFile {
  private static final int BITS = 4;
  private static final float INPUT_STEP = 1 / 255f;
  private static final float EPSILON = 1e-5f;

  /**
   * A shortcut's codes cover this many standard deviations around each channel's mean, as its batch
   * normalisation states them, in 256 steps; what lies beyond is clipped.
   */
  static final double SHORTCUT_REACH = 5;

  private static final int SHORTCUT_BITS = 8;

  /** The code of a shortcut's 0; even, so that ties round as without it. */
  private static final int SHORTCUT_ZERO = 128;

  private final NumpyArchive arrays;

  private PrototypeFile(NumpyArchive arrays) {
    this.arrays = arrays;
  }

  /**
   * Reads a network.
   *
   * @param source what to call the file in messages
   * @throws InputException if it is in neither layout
   */
  public static QuantizedNetwork read(byte[] file, String source, String name) {
    try {
      var archive = new NumpyArchive(file);
      Check.that(!archive.has("manifest.json"), "it is a network file of bitquake already");
      Map<String, String> provenance = new TreeMap<>();
      provenance.put("imported.format", "NumPy");
      provenance.put("imported.sha256", Sha256.hex(file));
      var prototype = new PrototypeFile(archive);
      if (archive.has("w0")) {
        return LeNet5.of(name, prototype.five(), provenance);
      }
      Check.that(
          archive.has("stem.codes"),
          "it has neither an array w0 (LeNet-5) nor stem.codes (ResNet)");
      provenance.put("imported.shortcuts", "rounded to 8 bits");
      return prototype.resNet18(name, provenance);
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InputException(source + ": cannot import this NumPy file: " + reason, e);
    }
  }

  private List<LayerParameters> five() {
    Integer[][] shapes = {{6, 1, 5, 5}, {16, 6, 5, 5}, {120, 400}, {84, 120}, {10, 84}};
    List<LayerParameters> five = new ArrayList<>();
    float inputStep = INPUT_STEP;
    for (int i = 0; i < shapes.length; i++) {
      Optional<Activation> activation =
          i < 4
              ? Optional.of(new Activation(BITS, arrays.number("a" + i + "_scale")))
              : Optional.empty();
      five.add(
          new LayerParameters(
              arrays.bytes("w" + i, shapes[i]),
              BITS,
              arrays.number("w" + i + "_scale"),
              arrays.floats("b" + i, shapes[i][0]),
              inputStep,
              activation));
      inputStep = activation.map(Activation::step).orElse(0f);
    }
    return five;
  }

  private QuantizedNetwork resNet18(String name, Map<String, String> provenance) {
    List<Integer> stem = arrays.shape("stem.codes");
    Check.that(stem.size() == 4, "array stem.codes has shape %s, not 4 sizes", stem);
    return ResNet18.of(name, stem.get(0), INPUT_STEP, this::parameters, provenance);
  }

  private Parameters parameters(Slot slot) {
    int outputs = slot.geometry().outChannels();
    int kernel = slot.geometry().kernelHeight();
    int inputs = slot.inputShape().channels();
    boolean isLast = slot.name().equals("fc");
    byte[] codes =
        isLast
            ? arrays.bytes("fc.codes", outputs, inputs)
            : arrays.bytes(slot.name() + ".codes", outputs, inputs, kernel, kernel);
    float[] step = {arrays.number(slot.name() + ".step")};
    var weights = new WeightCodes(codes, BITS, step);
    Affine sums = Affine.ofSums(step, inputStep(slot.name()), outputs);
    if (isLast) {
      return parameters(weights, sums.plus(arrays.floats("fc.bias", outputs)), Optional.empty());
    }
    sums = normalized(slot.name(), sums);
    if (slot.name().endsWith(".shortcut")) {
      float shortcutStep = shortcutStep(slot.name());
      return parameters(
          weights,
          sums.plus(SHORTCUT_ZERO * (double) shortcutStep),
          Optional.of(new Activation(SHORTCUT_BITS, shortcutStep)));
    }
    String shortcut = slot.name().replace(".conv2", ".shortcut");
    if (slot.name().endsWith(".conv2") && hasShortcut(shortcut)) {
      sums = sums.plus(-SHORTCUT_ZERO * (double) shortcutStep(shortcut));
    }
    float outputStep = arrays.number(slot.name() + ".act_step");
    return parameters(weights, sums, Optional.of(new Activation(BITS, outputStep)));
  }

  private static Parameters parameters(
      WeightCodes weights, Affine sums, Optional<Activation> activation) {
    var folded = sums.fold(activation.map(a -> (double) a.step()).orElse(1.0));
    return new Parameters(weights, folded.bias(), folded.scale(), activation);
  }

  /** Blocks 2, 4 and 6 begin the stages that halve the map. */
  private static boolean hasShortcut(String shortcut) {
    return shortcut.matches("block[246]\\.shortcut");
  }

  private Affine normalized(String layer, Affine sums) {
    float[][] p = new float[4][];
    String[] parts = {"gamma", "beta", "mean", "var"};
    for (int i = 0; i < 4; i++) {
      p[i] = arrays.floats(layer + ".bn." + parts[i], sums.channels());
    }
    return sums.normalized(p[0], p[1], p[2], p[3], EPSILON);
  }

  /** The step that the layer's input was written with; of the sum for {@code fc}: the average's. */
  private double inputStep(String layer) {
    if (layer.equals("stem")) {
      return INPUT_STEP;
    }
    if (layer.equals("fc")) {
      return arrays.number("block7.conv2.act_step") / 16.0; // the average of 4×4 positions
    }
    if (layer.endsWith(".conv2")) {
      return arrays.number(layer.replace(".conv2", ".conv1") + ".act_step");
    }
    int block = Character.digit(layer.charAt("block".length()), 10);
    String before = block == 0 ? "stem" : "block" + (block - 1) + ".conv2";
    return arrays.number(before + ".act_step");
  }

  private float shortcutStep(String layer) {
    int channels = arrays.shape(layer + ".bn.gamma").get(0);
    float[] gamma = arrays.floats(layer + ".bn.gamma", channels);
    float[] beta = arrays.floats(layer + ".bn.beta", channels);
    double reach =
        IntStream.range(0, channels)
            .mapToDouble(c -> Math.abs(beta[c]) + SHORTCUT_REACH * Math.abs(gamma[c]))
            .max()
            .orElse(0);
    return (float) Math.max(Float.MIN_NORMAL, reach / (SHORTCUT_ZERO - 1));
  }
}
