package org.bitquake.onnx;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.network.QuantizedNetwork;

/**
 * Reads quantised ONNX models as networks, and writes networks as ONNX models.
 *
 * <p>Three forms are read: QDQ and QCDQ ({@code QuantizeLinear}, {@code Clip} for fewer than 8 bits
 * and {@code DequantizeLinear} around every layer), operators on integers ({@code QLinearConv} and
 * its kin, of ONNX and com.microsoft), and QONNX ({@code Quant}, {@code BipolarQuant}). Steps,
 * biases and batch normalisation are folded into the integer contract's float32 bias and scale,
 * each rounded once. An image is its 8-bit pixels (uint8, or int8 less 128), or pixels / 255 in
 * float32, or what {@link InputFormat} says; elementwise nodes in front of the first quantiser
 * become a table of codes. A Softmax, LogSoftmax, Sigmoid or ArgMax at the end is left off, which
 * the provenance tells under {@code imported.leftOut}.
 *
 * <p>Writing takes plain networks alone, in QCDQ form, and what it writes reads back as the same
 * network to the bit.
 */
public final class OnnxFile {
  /** Largest file read. */
  public static final int MAX_BYTES = 256 << 20;

  static final String PRODUCER = "bitquake";

  private OnnxFile() {}

  /**
   * Folds a model into a network.
   *
   * @param file its bytes
   * @param source what to call the file in messages
   * @param name of the network; one that bitquake wrote keeps its own
   * @throws InputException naming the node that cannot be folded and why
   */
  public static QuantizedNetwork read(byte[] file, String source, String name) {
    return read(file, source, name, InputFormat.plain());
  }

  /**
   * Folds a model into a network.
   *
   * @param file its bytes
   * @param source what to call the file in messages
   * @param name of the network; one that bitquake wrote keeps its own
   * @param format what the model expects of images where it does not say so itself
   * @throws InputException naming the node that cannot be folded and why
   */
  public static QuantizedNetwork read(byte[] file, String source, String name, InputFormat format) {
    return read(file, source, name, format, Optional.empty());
  }

  /**
   * Folds a model into a network whose tensors may lie in files of their own.
   *
   * @param file its bytes
   * @param source what to call the file in messages
   * @param name of the network; one that bitquake wrote keeps its own
   * @param format what the model expects of images where it does not say so itself
   * @param sideFiles where those files are; empty to read none
   * @throws InputException naming the node that cannot be folded and why
   */
  public static QuantizedNetwork read(
      byte[] file, String source, String name, InputFormat format, Optional<SideFiles> sideFiles) {
    try {
      Require.that(file.length <= MAX_BYTES, "it is larger than %d MiB", MAX_BYTES >> 20);
      ModelProto stored = ModelReader.parse(file);
      ModelProto model = sideFiles.map(files -> files.inline(stored)).orElse(stored);
      boolean own = model.getProducerName().equals(PRODUCER);
      String known = own ? model.getGraph().getName() : name;
      Map<String, String> provenance = provenance(model, file, own);
      sideFiles.ifPresent(files -> provenance.putAll(files.provenance()));
      var network =
          GraphImport.network(
              model.getGraph(), ModelReader.opset(model), format, known, provenance);
      return format.channels() == InputFormat.Channels.BGR ? Colours.turned(network) : network;
    } catch (IllegalArgumentException | ArithmeticException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InputException(source + ": cannot import this ONNX model: " + reason, e);
    }
  }

  private static Map<String, String> provenance(ModelProto model, byte[] file, boolean own) {
    Map<String, String> known = new TreeMap<>();
    if (own) {
      for (StringStringEntryProto entry : model.getMetadataPropsList()) {
        known.put(entry.getKey(), entry.getValue());
      }
      return known;
    }
    known.put("imported.format", "ONNX");
    known.put("imported.sha256", Sha256.hex(file));
    String producer = model.getProducerName() + " " + model.getProducerVersion();
    String printable = producer.replaceAll("\\p{Cntrl}", " ").strip();
    known.put("imported.producer", printable.substring(0, Math.min(200, printable.length())));
    return known;
  }

  /**
   * The model of a network: operator set 13, uint8 {@code image [N, C, H, W]} in, float32 {@code
   * logits [N, classes]} out.
   *
   * @throws InputException naming the layer whose numbers ONNX's quantisers cannot express
   */
  public static byte[] bytes(QuantizedNetwork network) {
    return model(network).toByteArray();
  }

  static ModelProto model(QuantizedNetwork network) {
    try {
      return new GraphExport(network).model();
    } catch (IllegalArgumentException e) {
      throw new InputException(
          Text.of("cannot export network %s as ONNX: %s", network.name(), e.getMessage()), e);
    }
  }
}
