package org.bitquake.tflite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.network.Input;
import org.bitquake.network.QuantizedNetwork;

/**
 * Reads networks from TensorFlow Lite's files ({@code .tflite}) whose tensors are 8-bit integers:
 * {@code CONV_2D}, {@code DEPTHWISE_CONV_2D}, {@code FULLY_CONNECTED}, {@code ADD}, {@code
 * CONCATENATION}, {@code AVERAGE_POOL_2D}, {@code MAX_POOL_2D}, {@code MEAN} over the map, {@code
 * PAD}, {@code RESHAPE} to a vector, {@code QUANTIZE}; a {@code SOFTMAX} at the end is left off,
 * for it keeps the order of the classes.
 *
 * <p>The last layer writes codes, as it does there. A pixel is the input's code: 0 … 255 for uint8,
 * less 128 for int8.
 */
public final class TfLiteFile {
  /** Largest file read. */
  public static final int MAX_BYTES = 256 << 20;

  private static final int MAGIC_AT = 4;
  private static final double USUAL = 0.02;

  private TfLiteFile() {}

  /** Whether a file begins as TensorFlow Lite's do. */
  public static boolean looksLikeOne(byte[] file) {
    return file.length >= MAGIC_AT + 4
        && file[MAGIC_AT] == 'T'
        && file[MAGIC_AT + 1] == 'F'
        && file[MAGIC_AT + 2] == 'L';
  }

  /**
   * Makes a network of a model.
   *
   * @param file its bytes
   * @param source what to call the file in messages
   * @throws InputException naming the operator that cannot be taken and why
   */
  public static QuantizedNetwork read(byte[] file, String source, String name) {
    return read(file, source, name, List.of(), List.of());
  }

  /**
   * Makes a network of a model whose images are normalised first.
   *
   * @param mean subtracted from pixel / 255: one value, or one for each channel; none for pixels
   *     that are the codes
   * @param std what the difference is divided by, as many
   * @throws InputException naming the operator that cannot be taken and why
   */
  public static QuantizedNetwork read(
      byte[] file, String source, String name, List<Double> mean, List<Double> std) {
    try {
      Model.require(file.length <= MAX_BYTES, "it is larger than %d MiB", MAX_BYTES >> 20);
      Map<String, String> provenance = new TreeMap<>();
      provenance.put("imported.format", "TensorFlow Lite");
      provenance.put("imported.sha256", Sha256.hex(file));
      var network = GraphImport.network(Model.parse(file), name, provenance);
      boolean plain = mean.isEmpty() && std.isEmpty();
      Input input = plain ? network.input() : network.input().normalized(mean, std);
      if (plain) {
        suspicion(input).ifPresent(warning -> provenance.put("imported.warning", warning));
      }
      return new QuantizedNetwork(network.name(), input, network.layers(), provenance);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw refused(source, reason, e);
    } catch (IndexOutOfBoundsException e) {
      throw refused(source, "it is cut short or damaged", e);
    }
  }

  /** A sentence about images whose codes are worth neither 1/255 nor 1, pixels as they are. */
  private static Optional<String> suspicion(Input input) {
    float step = input.codes().step();
    boolean isImage = input.shape().height() * input.shape().width() > 1;
    boolean usual = Math.abs(255 * step - 1) < USUAL || Math.abs(step - 1) < USUAL;
    return usual || !isImage
        ? Optional.empty()
        : Optional.of(
            Text.of(
                "its input's codes are worth %.4g each, not 1/255, and pixels are taken as these"
                    + " codes: if images are normalised before it, say how with --mean and --std",
                step));
  }

  private static InputException refused(String source, String reason, RuntimeException cause) {
    return new InputException(
        source + ": cannot import this TensorFlow Lite model: " + reason, cause);
  }
}
