package org.bitquake.tflite;

import static org.bitquake.tflite.Model.require;

import java.util.Arrays;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Window;
import org.bitquake.tflite.GraphImport.Value;
import org.bitquake.tflite.Model.Operator;
import org.bitquake.tflite.Model.Tensor;

/** Operators with weights. */
final class WeightedLayers {
  private final GraphImport graph;

  WeightedLayers(GraphImport graph) {
    this.graph = graph;
  }

  Value convolution(Operator operator) {
    FlatTable options = GraphImport.options(operator);
    Value in = graph.map(operator, 0);
    Tensor weights = graph.constant(operator, 1, "filter");
    int[] s = weights.shape();
    require(s.length == 4, "its filter has the shape %s", Arrays.toString(s));
    require(
        s[3] > 0 && in.shape().channels() % s[3] == 0,
        "its filter reads %d channels of %d",
        s[3],
        in.shape().channels());
    var window =
        Windows.of(
            options.unsignedByte(0),
            new int[] {s[1], s[2]},
            new int[] {options.integer(2, 0), options.integer(1, 0)},
            new int[] {options.integer(5, 1), options.integer(4, 1)},
            in.shape());
    var geometry = new Geometry(s[0], window, in.shape().channels() / s[3]);
    Activation out = TensorForms.codes(graph.written(operator), options.unsignedByte(3));
    return weighted(graph.name("conv", operator), operator, in, geometry, weights, 0, out);
  }

  Value depthwise(Operator operator) {
    FlatTable options = GraphImport.options(operator);
    Value in = graph.map(operator, 0);
    Tensor weights = graph.constant(operator, 1, "filter");
    int[] s = weights.shape();
    int channels = in.shape().channels();
    require(
        s.length == 4 && s[0] == 1 && s[3] % channels == 0,
        "its filter of the shape %s does not fit %d channels",
        Arrays.toString(s),
        channels);
    var window =
        Windows.of(
            options.unsignedByte(0),
            new int[] {s[1], s[2]},
            new int[] {options.integer(2, 0), options.integer(1, 0)},
            new int[] {options.integer(6, 1), options.integer(5, 1)},
            in.shape());
    Activation out = TensorForms.codes(graph.written(operator), options.unsignedByte(4));
    var geometry = new Geometry(s[3], window, channels);
    return weighted(graph.name("depthwise", operator), operator, in, geometry, weights, 3, out);
  }

  Value dense(Operator operator) {
    FlatTable options = GraphImport.options(operator);
    Value in = graph.operand(operator, 0);
    Tensor weights = graph.constant(operator, 1, "filter");
    int[] s = weights.shape();
    require(
        options.unsignedByte(1) == 0 && s.length == 2,
        "its filter has the shape %s in the format %d",
        Arrays.toString(s),
        options.unsignedByte(1));
    Shape map = in.shape();
    require(
        in.flat() || map.height() * map.width() == 1,
        "it is fully connected to a map of %s position by position",
        map);
    require(s[1] == map.size(), "its filter reads %d values of %d", s[1], map.size());
    var geometry = new Geometry(s[0], Window.square(map.height(), map.width(), 1, 0), 1);
    Activation out = TensorForms.codes(graph.written(operator), options.unsignedByte(0));
    return weighted(graph.name("dense", operator), operator, in, geometry, weights, 0, out);
  }

  private Value weighted(
      String layer,
      Operator operator,
      Value in,
      Geometry geometry,
      Tensor weights,
      int axis,
      Activation out) {
    var codes = Weights.of(weights, geometry, in.shape(), axis);
    int channels = geometry.outChannels();
    double[] unit = new double[channels];
    float[] scale = new float[channels];
    for (int c = 0; c < channels; c++) {
      float step = codes.step()[codes.step().length == 1 ? 0 : c];
      unit[c] = (double) in.codes().step() * step;
      scale[c] = (float) (unit[c] / out.step());
    }
    boolean biased = operator.inputs().length > 2 && operator.inputs()[2] >= 0;
    float[] bias =
        biased ? Weights.bias(graph.constant(operator, 2, "bias"), unit) : new float[channels];
    return graph.written(
        new Convolution(
            layer,
            in.position(),
            in.shape(),
            geometry,
            codes,
            bias,
            scale,
            Optional.empty(),
            Optional.of(out)),
        out);
  }
}
