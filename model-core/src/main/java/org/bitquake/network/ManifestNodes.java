package org.bitquake.network;

import java.util.Arrays;
import java.util.List;
import org.bitquake.network.Manifest.ActivationNode;
import org.bitquake.network.Manifest.AddNode;
import org.bitquake.network.Manifest.AveragePoolNode;
import org.bitquake.network.Manifest.ConcatNode;
import org.bitquake.network.Manifest.ConvolutionNode;
import org.bitquake.network.Manifest.GlobalSumNode;
import org.bitquake.network.Manifest.MaxPoolNode;
import org.bitquake.network.Manifest.Node;
import org.bitquake.network.Manifest.Offsets;
import org.bitquake.network.Manifest.PadNode;
import org.bitquake.network.Manifest.ResidualNode;
import org.bitquake.network.Manifest.WindowNode;

/** What the manifest says of each layer of a network: the inverse of {@link ManifestLayers}. */
final class ManifestNodes implements LayerCases<Node> {
  @Override
  public Node convolution(Convolution c) {
    var g = c.geometry();
    int channels = c.inputShape().channels() / g.groups();
    boolean square = g.window().isSquare();
    return new ConvolutionNode(
        c.name(),
        c.input(),
        List.of(g.outChannels(), channels, g.kernelHeight(), g.kernelWidth()),
        square ? g.stride() : 0,
        square ? g.padding() : 0,
        g.groups(),
        c.weights().bits(),
        c.weights().step().length > 1,
        c.residual().map(r -> new ResidualNode(r.source(), r.ratio())).orElse(null),
        c.activation().map(ManifestNodes::activation).orElse(null),
        square ? null : window(g.window()),
        c.weights().gain() == 1 ? null : c.weights().gain(),
        offsets(c.weights().offset()));
  }

  private static Offsets offsets(int[] offset) {
    if (offset.length > 1) {
      return Offsets.EACH;
    }
    return Arrays.stream(offset).allMatch(o -> o == 0) ? null : Offsets.ONE;
  }

  @Override
  public Node maxPool(MaxPool p) {
    return p.isPlain()
        ? new MaxPoolNode(
            p.name(), p.input(), p.window().kernelHeight(), p.window().strideY(), null)
        : new MaxPoolNode(p.name(), p.input(), 0, 0, window(p.window()));
  }

  @Override
  public Node averagePool(AveragePool p) {
    return new AveragePoolNode(
        p.name(),
        p.input(),
        window(p.window()),
        p.countPadding(),
        p.ratio(),
        activation(p.activation()));
  }

  @Override
  public Node globalSum(GlobalSum s) {
    return new GlobalSumNode(s.name(), s.input());
  }

  @Override
  public Node add(Add a) {
    return new AddNode(
        a.name(), a.input(), a.ratio(), a.second(), a.secondRatio(), activation(a.activation()));
  }

  @Override
  public Node concat(Concat c) {
    return new ConcatNode(c.name(), c.inputs(), c.ratios(), activation(c.activation()));
  }

  @Override
  public Node pad(Pad p) {
    return new PadNode(p.name(), p.input(), List.of(p.top(), p.left(), p.bottom(), p.right()));
  }

  private static WindowNode window(Window w) {
    return new WindowNode(
        List.of(w.kernelHeight(), w.kernelWidth()),
        List.of(w.strideY(), w.strideX()),
        List.of(w.top(), w.left(), w.bottom(), w.right()),
        List.of(w.dilationY(), w.dilationX()));
  }

  static ActivationNode activation(Activation a) {
    return new ActivationNode(
        a.bits(),
        a.step(),
        a.zero() == 0 ? null : a.zero(),
        a.maxCode() == (1 << a.bits()) - 1 ? null : a.maxCode(),
        a.base() == 0 ? null : a.base());
  }
}
