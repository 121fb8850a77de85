package org.bitquake.jobs.inspect;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.NumpyWriter;
import org.bitquake.engine.Prediction;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.TensorCodes;

/**
 * What a network answers to images, as NumPy arrays, to compare with other programs: {@code
 * predictions} and {@code labels} uint16 {@code [N]}, {@code logits} float32 {@code [N, classes]};
 * and, where asked for, the codes of each layer, {@code layer.NAME} {@code [N, C, H, W]}, counted
 * as where the network comes from: int8, uint8 or, for sums, int32.
 */
public final class Predictions {
  private static final long MAX_BYTES = 1L << 30;

  private final QuantizedNetwork network;
  private final Dataset images;
  private final float[] logits;
  private final int[] predictions;

  /**
   * Runs the network on all images, with the fastest engine.
   *
   * @throws InputException if they have another shape than it reads, or a label that it has no
   *     class for
   */
  public Predictions(QuantizedNetwork network, Dataset images) {
    if (!images.shape().equals(network.inputShape())) {
      throw new InputException(
          Text.of(
              "images of %s are %s, but network %s reads %s; --resize and --crop change them",
              images.name(), images.form(), network.name(), network.inputShape()));
    }
    for (int i = 0; i < images.size(); i++) {
      if (images.label(i) >= network.classes()) {
        throw new InputException(
            Text.of(
                "image %d of %s has label %d, but network %s has classes 0…%d",
                i, images.name(), images.label(i), network.name(), network.classes() - 1));
      }
    }
    this.network = network;
    this.images = images;
    int classes = network.classes();
    this.logits = new float[Math.multiplyExact(images.size(), classes)];
    this.predictions = new int[images.size()];
    Images.run(
        network,
        images,
        Images.cores(network, images),
        (first, count, batch) ->
            System.arraycopy(batch, 0, logits, first * classes, count * classes));
    for (int i = 0; i < predictions.length; i++) {
      predictions[i] = Prediction.of(logits, i * classes, classes);
    }
  }

  /** Number of images. */
  public int count() {
    return predictions.length;
  }

  /** Images that the network classifies as they are labelled. */
  public int correct() {
    return (int)
        IntStream.range(0, predictions.length)
            .filter(i -> predictions[i] == images.label(i))
            .count();
  }

  /** Images whose label is among the five largest logits. */
  public int top5() {
    int classes = network.classes();
    return (int)
        IntStream.range(0, predictions.length)
            .filter(i -> Prediction.isAmongFive(logits, i * classes, classes, images.label(i)))
            .count();
  }

  /** Images whose largest logit two classes or more have: the first of them is predicted. */
  public int ties() {
    int classes = network.classes();
    return (int)
        IntStream.range(0, predictions.length)
            .filter(i -> Prediction.isTie(logits, i * classes, classes))
            .count();
  }

  /**
   * Writes the arrays; the stream stays open.
   *
   * @param layers whether the codes of the layers are written, too
   * @throws InputException if those are too many to hold
   */
  public void write(boolean layers, OutputStream out) throws IOException {
    int n = images.size();
    var zip = new ZipOutputStream(out);
    NumpyWriter.entry(zip, "predictions", "<u2", List.of(n));
    zip.write(shorts(predictions));
    NumpyWriter.entry(zip, "labels", "<u2", List.of(n));
    zip.write(shorts(IntStream.range(0, n).map(images::label).toArray()));
    NumpyWriter.entry(zip, "logits", "<f4", List.of(n, network.classes()));
    byte[] floats = new byte[Math.multiplyExact(Float.BYTES, logits.length)];
    little(floats).asFloatBuffer().put(logits);
    zip.write(floats);
    if (layers) {
      writeLayers(zip);
    }
    zip.finish();
    zip.flush();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] shorts(int[] values) {
    byte[] bytes = new byte[Short.BYTES * values.length];
    ByteBuffer buffer = little(bytes);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return bytes;
  }

  private void writeLayers(ZipOutputStream zip) throws IOException {
    int written = network.layers().size() - (network.outputCodes().isPresent() ? 0 : 1);
    TensorCodes[] codes =
        IntStream.range(0, written).mapToObj(network::codes).toArray(TensorCodes[]::new);
    byte[][] tensors = new byte[written][];
    long total = 0;
    for (int p = 0; p < written; p++) {
      long bytes = (long) images.size() * network.shapeOf(p).size() * width(codes[p]);
      total += bytes;
      if (total > MAX_BYTES) {
        throw new InputException(
            Text.of(
                "the codes of all layers of %d images take more than %d MiB; ask for fewer with"
                    + " --images",
                images.size(), MAX_BYTES >> 20));
      }
      tensors[p] = new byte[(int) bytes];
    }
    ByteBuffer[] buffers =
        Arrays.stream(tensors).map(Predictions::little).toArray(ByteBuffer[]::new);
    try (var engine = ReferenceEngine.forBatches(network, images.size())) {
      engine.trace(
          images.pixels(),
          images.size(),
          (image, p, layer, values) -> {
            for (int value : values) {
              put(buffers[p], codes[p], value + codes[p].base());
            }
          });
    }
    for (int p = 0; p < written; p++) {
      Shape s = network.shapeOf(p);
      List<Integer> sizes = Stream.of(images.size(), s.channels(), s.height(), s.width()).toList();
      NumpyWriter.entry(zip, "layer." + network.layers().get(p).name(), dtype(codes[p]), sizes);
      zip.write(tensors[p]);
    }
  }

  private static boolean isSigned(TensorCodes codes) {
    return codes.base() < 0 && codes.base() >= Byte.MIN_VALUE && codes.max() + codes.base() <= 127;
  }

  private static boolean isByte(TensorCodes codes) {
    return isSigned(codes) || (codes.base() >= 0 && codes.max() + codes.base() <= 255);
  }

  private static int width(TensorCodes codes) {
    return isByte(codes) ? 1 : Integer.BYTES;
  }

  private static String dtype(TensorCodes codes) {
    if (!isByte(codes)) {
      return "<i4";
    }
    return isSigned(codes) ? "|i1" : "|u1";
  }

  private static void put(ByteBuffer tensor, TensorCodes codes, int value) {
    if (isByte(codes)) {
      tensor.put((byte) value);
    } else {
      tensor.putInt(value);
    }
  }
}
