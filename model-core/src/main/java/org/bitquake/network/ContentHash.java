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

/** SHA-256 over an unambiguous (length-prefixed, big-endian) encoding of a network's content. */
final class ContentHash {
  private ContentHash() {}

  static String of(QuantizedNetwork network) {
    MessageDigest sha = Sha256.digest();
    try (var out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
      shape(out, network.inputShape());
      out.writeFloat(network.inputStep());
      out.writeInt(network.layers().size());
      for (Layer layer : network.layers()) {
        out.writeInt(layer.input());
        shape(out, layer.inputShape());
        layer(out, layer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void layer(DataOutputStream out, Layer layer) throws IOException {
    if (layer instanceof Convolution c) {
      out.writeByte('C');
      convolution(out, c);
    } else if (layer instanceof MaxPool p) {
      out.writeByte('M');
      out.writeInt(p.size());
      out.writeInt(p.stride());
    } else {
      out.writeByte('G');
    }
  }

  private static void convolution(DataOutputStream out, Convolution c) throws IOException {
    var g = c.geometry();
    out.writeInt(g.outChannels());
    out.writeInt(g.kernelHeight());
    out.writeInt(g.kernelWidth());
    out.writeInt(g.stride());
    out.writeInt(g.padding());
    out.writeInt(g.groups());
    out.writeInt(c.weights().bits());
    out.writeInt(c.weights().codes().length);
    out.write(c.weights().codes());
    floats(out, c.weights().step());
    floats(out, c.bias());
    floats(out, c.scale());
    out.writeBoolean(c.residual().isPresent());
    if (c.residual().isPresent()) {
      out.writeInt(c.residual().get().source());
      out.writeFloat(c.residual().get().ratio());
    }
    out.writeBoolean(c.activation().isPresent());
    if (c.activation().isPresent()) {
      out.writeInt(c.activation().get().bits());
      out.writeFloat(c.activation().get().step());
    }
  }

  private static void shape(DataOutputStream out, Shape shape) throws IOException {
    out.writeInt(shape.channels());
    out.writeInt(shape.height());
    out.writeInt(shape.width());
  }

  private static void floats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }
}
