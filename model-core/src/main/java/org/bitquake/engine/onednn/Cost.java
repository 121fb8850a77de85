package org.bitquake.engine.onednn;

import org.bitquake.engine.onednn.Forms.Form;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * About how long a network takes. oneDNN works on 16 output channels and 4 input channels at once,
 * used or not, and each output costs something; fitted to LeNet-5 and to ResNet-18 of widths 16 and
 * 64.
 */
final class Cost {
  private static final double NANOS_PER_OUTPUT = 0.34;
  private static final double NANOS_PER_WINDOW = 16;
  private static final double NANOS_PER_SUMMAND = 1;
  private static final double NANOS_PER_CALL = 1500;

  /** What is rounded in Java, or done there from the first. */
  private static final double NANOS_PER_VALUE = 1.2;

  private static final double NANOS_PER_COPY = 0.2;

  private Cost() {}

  static double nanosPerImage(QuantizedNetwork network, double nanosPerMac) {
    double nanos = 0;
    for (Layer layer : network.layers()) {
      nanos += NANOS_PER_CALL / OneDnnEngine.BLOCK + nanos(network, layer, nanosPerMac);
    }
    return nanos;
  }

  /** The same of an engine for every kind of layer. */
  static double nanosPerImage(QuantizedNetwork network, Forms forms, Isa isa) {
    double nanos = network.inputShape().size() * NANOS_PER_COPY;
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      int outputs = layer.outputShape().size();
      if (!forms.inBytes(i)) {
        nanos += outputs * NANOS_PER_VALUE + macs(layer) * isa.nanosPerFloatMac();
      } else {
        nanos += nanos(network, layer, isa.nanosPerMac());
        nanos += forms.of(i) == Form.VALUES ? outputs * NANOS_PER_VALUE : 0;
      }
      nanos += forms.inBoth(i) ? outputs * NANOS_PER_COPY : 0;
    }
    return nanos;
  }

  private static double macs(Layer layer) {
    return layer instanceof Convolution c
        ? (double) c.geometry().taps(c.inputShape()) * c.outputShape().size()
        : 0;
  }

  private static double nanos(QuantizedNetwork network, Layer layer, double nanosPerMac) {
    var out = layer.outputShape();
    double pixels = (double) out.height() * out.width();
    if (layer instanceof Convolution c) {
      double outputs = pixels * outputChannels(c);
      return outputs * (NANOS_PER_OUTPUT + taps(network, c) * nanosPerMac);
    }
    if (layer instanceof MaxPool) {
      return pixels * roundUp(out.channels(), 64) / 64 * NANOS_PER_WINDOW;
    }
    assert layer instanceof GlobalSum;
    return layer.inputShape().size() * NANOS_PER_SUMMAND;
  }

  private static double outputChannels(Convolution c) {
    var g = c.geometry();
    return isDepthwise(c)
        ? roundUp(g.outChannels(), 16)
        : g.groups() * (double) roundUp(g.outChannels() / g.groups(), 16);
  }

  private static double taps(QuantizedNetwork network, Convolution c) {
    var g = c.geometry();
    double kernel = (double) g.kernelHeight() * g.kernelWidth();
    long channels = Codes.of(network, c.input()).byteChannels() / g.groups();
    return kernel * (isDepthwise(c) ? 1 : roundUp(channels, 4));
  }

  private static boolean isDepthwise(Convolution c) {
    int groups = c.geometry().groups();
    return groups > 1
        && groups == c.inputShape().channels()
        && groups == c.outputShape().channels();
  }

  private static long roundUp(long value, int unit) {
    return (value + unit - 1) / unit * unit;
  }
}
