package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.Input;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/** A network for images with blue first, made one for images with red first. */
final class Colours {
  private static final int COLOURS = 3;

  private Colours() {}

  /** The same network with the channels of its image, and the weights that read them, turned. */
  static QuantizedNetwork turned(QuantizedNetwork network) {
    Input in = network.input();
    Require.that(
        in.shape().channels() == COLOURS,
        "its image has %d channels; an order of colours is for 3",
        in.shape().channels());
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      layers.add(layer.inputs().contains(QuantizedNetwork.INPUT) ? turned(layer) : layer);
    }
    byte[][] tables = in.tables().clone();
    for (int c = 0; c < tables.length; c++) {
      tables[c] = in.tables()[tables.length - 1 - c];
    }
    var input = new Input(in.shape(), in.codes(), tables);
    return new QuantizedNetwork(network.name(), input, layers, network.provenance());
  }

  private static Layer turned(Layer layer) {
    Require.that(
        layer instanceof Convolution c && c.geometry().groups() == 1 && c.residual().isEmpty(),
        "layer %s reads the image channel by channel, so that their order cannot be changed",
        layer.name());
    var c = (Convolution) layer;
    WeightCodes w = c.weights();
    Shape in = c.inputShape();
    byte[] codes = w.codes().clone();
    int kernel = c.geometry().window().taps();
    for (int i = 0; i < codes.length; i++) {
      int channel = i / kernel % in.channels();
      codes[i] = w.codes()[i + (in.channels() - 1 - 2 * channel) * kernel];
    }
    return new Convolution(
        c.name(),
        c.input(),
        in,
        c.geometry(),
        new WeightCodes(codes, w.bits(), w.step(), w.gain(), w.offset()),
        c.bias(),
        c.scale(),
        c.residual(),
        c.activation());
  }
}
