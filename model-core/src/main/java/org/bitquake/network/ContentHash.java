package org.bitquake.network;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bitquake.Sha256;
import org.bitquake.data.Shape;

/**
 * SHA-256 over an unambiguous (length-prefixed, big-endian) encoding of a network's content.
 *
 * <p>A {@linkplain QuantizedNetwork#isPlain plain} network is written as it always was. Any other
 * begins with {@link #WIDER}, which is no number of channels, and says everything of every part.
 */
final class ContentHash implements LayerCases<Void> {
  private static final int WIDER = -2;

  private final DataOutputStream out;
  private final boolean plain;

  private ContentHash(DataOutputStream out, boolean plain) {
    this.out = out;
    this.plain = plain;
  }

  static String of(QuantizedNetwork network) {
    MessageDigest sha = Sha256.digest();
    try (var out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
      new ContentHash(out, network.isPlain()).network(network);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static Void write(Writing writing) {
    try {
      writing.run();
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void network(QuantizedNetwork network) throws IOException {
    if (!plain) {
      out.writeInt(WIDER);
      activation(network.input().codes());
      out.writeInt(network.input().tables().length);
      for (byte[] table : network.input().tables()) {
        out.write(table);
      }
    }
    shape(network.inputShape());
    out.writeFloat(network.inputStep());
    out.writeInt(network.layers().size());
    for (Layer layer : network.layers()) {
      out.writeInt(layer.input());
      shape(layer.inputShape());
      layer.match(this);
    }
  }

  @Override
  public Void convolution(Convolution c) {
    return write(
        () -> {
          out.writeByte('C');
          var g = c.geometry();
          out.writeInt(g.outChannels());
          window(g.window());
          out.writeInt(g.groups());
          out.writeInt(c.weights().bits());
          out.writeInt(c.weights().codes().length);
          out.write(c.weights().codes());
          floats(c.weights().step());
          if (!plain) {
            out.writeInt(c.weights().gain());
            out.writeInt(c.weights().offset().length);
            for (int offset : c.weights().offset()) {
              out.writeInt(offset);
            }
          }
          floats(c.bias());
          floats(c.scale());
          out.writeBoolean(c.residual().isPresent());
          if (c.residual().isPresent()) {
            out.writeInt(c.residual().get().source());
            out.writeFloat(c.residual().get().ratio());
          }
          out.writeBoolean(c.activation().isPresent());
          if (c.activation().isPresent()) {
            activation(c.activation().get());
          }
        });
  }

  @Override
  public Void maxPool(MaxPool pool) {
    return write(
        () -> {
          out.writeByte('M');
          if (plain) {
            out.writeInt(pool.window().kernelHeight());
            out.writeInt(pool.window().strideY());
          } else {
            window(pool.window());
          }
        });
  }

  @Override
  public Void averagePool(AveragePool pool) {
    return write(
        () -> {
          out.writeByte('A');
          window(pool.window());
          out.writeBoolean(pool.countPadding());
          out.writeFloat(pool.ratio());
          activation(pool.activation());
        });
  }

  @Override
  public Void globalSum(GlobalSum sum) {
    return write(() -> out.writeByte('G'));
  }

  @Override
  public Void add(Add add) {
    return write(
        () -> {
          out.writeByte('+');
          out.writeFloat(add.ratio());
          out.writeInt(add.second());
          out.writeFloat(add.secondRatio());
          activation(add.activation());
        });
  }

  @Override
  public Void concat(Concat concat) {
    return write(
        () -> {
          out.writeByte('|');
          out.writeInt(concat.inputs().size());
          for (int i = 0; i < concat.inputs().size(); i++) {
            out.writeInt(concat.inputs().get(i));
            shape(concat.inputShapes().get(i));
            out.writeFloat(concat.ratios().get(i));
          }
          activation(concat.activation());
        });
  }

  @Override
  public Void pad(Pad pad) {
    return write(
        () -> {
          out.writeByte('P');
          for (int side : new int[] {pad.top(), pad.left(), pad.bottom(), pad.right()}) {
            out.writeInt(side);
          }
        });
  }

  private void window(Window w) throws IOException {
    out.writeInt(w.kernelHeight());
    out.writeInt(w.kernelWidth());
    out.writeInt(w.strideY());
    if (!plain) {
      out.writeInt(w.strideX());
    }
    out.writeInt(w.top());
    if (!plain) {
      for (int value : new int[] {w.left(), w.bottom(), w.right(), w.dilationY(), w.dilationX()}) {
        out.writeInt(value);
      }
    }
  }

  private void activation(Activation a) throws IOException {
    out.writeInt(a.bits());
    out.writeFloat(a.step());
    if (!plain) {
      out.writeInt(a.zero());
      out.writeInt(a.maxCode());
      out.writeInt(a.base());
    }
  }

  private void shape(Shape shape) throws IOException {
    out.writeInt(shape.channels());
    out.writeInt(shape.height());
    out.writeInt(shape.width());
  }

  private void floats(float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }
}
