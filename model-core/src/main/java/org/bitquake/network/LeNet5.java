package org.bitquake.network;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.ParameterSource.Slot;

/**
 * LeNet-5 (LeCun et al., 1998) as the paper uses it: 1×28×28 padded to 32×32; 6 5×5 → maxpool 2; 16
 * 5×5 → maxpool 2; 400–120–84–10, ReLU between. 61,470 weights, 416,520 multiply-accumulates.
 */
public final class LeNet5 {
  /** {@code [C, H, W]} of an image. */
  public static final Shape INPUT_SHAPE = new Shape(1, 28, 28);

  private LeNet5() {}

  /**
   * The integer network.
   *
   * @param five parameters of conv1, conv2, fc1, fc2, fc3; the weights of fc1 are {@code [120, 16,
   *     5, 5]}, which is {@code [120, 400]} row-major; fc3 has a bias for each class
   * @throws IllegalArgumentException if a length, a bit width or a step does not fit, or a layer's
   *     input step is not its producer's output step
   */
  public static QuantizedNetwork of(
      String name, List<LayerParameters> five, Map<String, String> provenance) {
    Check.that(five.size() == 5, "LeNet-5 has 5 layers with weights, not %d", five.size());
    for (int i = 1; i < 5; i++) {
      float produced = five.get(i - 1).activation().map(Activation::step).orElse(0f);
      Check.that(
          produced == five.get(i).inputStep(),
          "LeNet-5: weight layer %d reads codes of step %s, but layer %d writes step %s",
          i,
          five.get(i).inputStep(),
          i - 1,
          produced);
    }
    Iterator<LayerParameters> next = five.iterator();
    int classes = five.get(4).realBias().length;
    float inputStep = five.get(0).inputStep();
    return of(name, inputStep, classes, slot -> next.next().parameters(), provenance);
  }

  /**
   * The integer network.
   *
   * @param inputStep real value of one input code
   * @param classes outputs of fc3
   * @param source of conv1, conv2, fc1, fc2 and fc3, which is the one without an activation
   */
  public static QuantizedNetwork of(
      String name,
      float inputStep,
      int classes,
      ParameterSource source,
      Map<String, String> provenance) {
    int image = QuantizedNetwork.INPUT;
    var conv1 = layer("conv1", image, INPUT_SHAPE, new Geometry(6, 5, 5, 1, 2, 1), source);
    var pool1 = new MaxPool("pool1", 0, conv1.outputShape(), 2, 2);
    var conv2 = layer("conv2", 1, pool1.outputShape(), new Geometry(16, 5, 5, 1, 0, 1), source);
    var pool2 = new MaxPool("pool2", 2, conv2.outputShape(), 2, 2);
    var fc1 = dense("fc1", 3, pool2.outputShape(), 120, source);
    var fc2 = dense("fc2", 4, fc1.outputShape(), 84, source);
    var fc3 = dense("fc3", 5, fc2.outputShape(), classes, source);
    return new QuantizedNetwork(
        name,
        INPUT_SHAPE,
        inputStep,
        List.of(conv1, pool1, conv2, pool2, fc1, fc2, fc3),
        provenance);
  }

  private static Convolution dense(
      String name, int input, Shape in, int outputs, ParameterSource source) {
    return layer(name, input, in, new Geometry(outputs, in.height(), in.width(), 1, 0, 1), source);
  }

  private static Convolution layer(
      String name, int input, Shape in, Geometry geometry, ParameterSource source) {
    var p = source.parameters(new Slot(name, input, in, geometry, OptionalInt.empty(), 1));
    return new Convolution(
        name,
        input,
        in,
        geometry,
        p.weights(),
        p.bias(),
        p.scale(),
        Optional.empty(),
        p.activation());
  }
}
