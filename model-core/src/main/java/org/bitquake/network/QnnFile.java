package org.bitquake.network;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.data.Shape;
import org.bitquake.network.ManifestLayers.ArraySpec;

/**
 * Reads and writes the quantised network file, {@code *.qnn.npz}: a zip of {@code manifest.json}
 * and NumPy arrays, which {@code numpy.load} opens. For each layer with weights: {@code L.codes}
 * int8 {@code [outC, inC / groups, kH, kW]}, {@code L.step} float32 {@code [1]} or {@code [outC]},
 * {@code L.bias} and {@code L.scale} float32 {@code [outC]}, {@code L.offset} int16 {@code [1]} or
 * {@code [outC]} where weights have one; {@code input.tables} uint8 {@code [C, 256]} where pixels
 * are not the codes.
 *
 * <p>A file is untrusted until every byte of it has been accounted for: see {@link ZipFormat} for
 * the container, {@link Manifest} for the description; every array's name, length, type, shape and
 * SHA-256 must be what the manifest says, and the network's content hash too.
 */
public final class QnnFile {
  /** Largest file read, and largest sum of what it inflates to. */
  public static final int MAX_BYTES = 256 << 20;

  private static final int MAX_MANIFEST_BYTES = 4 << 20;
  private static final int MAX_ENTRIES = 20_000;
  private static final String MANIFEST = "manifest.json";

  /** The input's tables. A name that no layer's array has: those end in a part of a layer. */
  static final String TABLES = "input.tables";

  private QnnFile() {}

  /**
   * Reads a network, checking every length, shape and hash before it is used.
   *
   * @param source what to call the file in error messages
   * @throws InputException if the file is not a sound network file
   */
  public static QuantizedNetwork read(InputStream in, String source) throws IOException {
    byte[] file = in.readNBytes(MAX_BYTES + 1);
    try {
      Check.that(file.length <= MAX_BYTES, "it is larger than %d MiB", MAX_BYTES >> 20);
      return parse(file);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String reason = e.getMessage().lines().findFirst().orElse("");
      throw new InputException(
          source
              + ": not a sound network file: "
              + reason
              + "; copy it again from its origin or export the network anew",
          e);
    }
  }

  /**
   * Reads a network from any Hadoop file system.
   *
   * @throws InputException if there is no such file or it is not a sound network file
   */
  public static QuantizedNetwork read(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = WholeFile.plain(path.getFileSystem(hadoop)).open(path)) {
      return read(in, path.toString());
    } catch (FileNotFoundException e) {
      throw new InputException(
          path + ": there is no such network file; check the path, or train a network first", e);
    }
  }

  /** Writes a network; the same network gives the same bytes. */
  public static void write(QuantizedNetwork network, OutputStream out) throws IOException {
    out.write(bytes(network));
  }

  /**
   * Writes a network to any Hadoop file system: to a temporary name first, then renamed, so that
   * nobody ever sees half a file.
   *
   * @throws InputException if the file exists and {@code overwrite} is false
   */
  public static void write(
      QuantizedNetwork network, Path path, Configuration hadoop, boolean overwrite)
      throws IOException {
    WholeFile.write(bytes(network), path, hadoop, overwrite);
  }

  private static byte[] bytes(QuantizedNetwork network) throws IOException {
    List<ZipFormat.Entry> entries = new ArrayList<>();
    List<Manifest.Array> arrays = new ArrayList<>();
    var say = new ManifestNodes();
    List<Manifest.Node> nodes = network.layers().stream().map(layer -> layer.match(say)).toList();
    Map<String, Convolution> layers = new TreeMap<>();
    network.weightLayers().forEach(c -> layers.put(c.name(), c));
    var image = image(network.input());
    for (ArraySpec spec : arrays(image, nodes)) {
      int dot = spec.name().lastIndexOf('.');
      Convolution layer = layers.get(spec.name().substring(0, dot));
      byte[] npy =
          spec.name().equals(TABLES)
              ? Npy.ofUnsigned(flat(network.input().tables()), spec.shape())
              : npy(layer, spec.name().substring(dot + 1), spec.shape());
      String hash = Sha256.hex(npy);
      var array = new Manifest.Array(spec.name(), spec.dtype(), spec.shape(), npy.length, hash);
      arrays.add(array);
      entries.add(ZipFormat.entry(array.file(), npy));
    }
    var manifest =
        new Manifest(
            Manifest.FORMAT,
            network.isPlain() ? Manifest.PLAIN : Manifest.WIDER,
            network.name(),
            network.contentHash(),
            image,
            nodes,
            arrays,
            network.provenance());
    entries.add(0, ZipFormat.entry(MANIFEST, manifest.toJson()));
    return ZipFormat.write(entries);
  }

  private static Manifest.ImageNode image(Input input) {
    Shape in = input.shape();
    return new Manifest.ImageNode(
        List.of(in.channels(), in.height(), in.width()),
        input.codes().step(),
        input.codes().isPlain() && input.codes().bits() == 8
            ? null
            : ManifestNodes.activation(input.codes()),
        input.tables().length == 0 ? null : true);
  }

  /** All arrays of a file, in its order: those of the layers, then the input's tables. */
  private static List<ArraySpec> arrays(Manifest.ImageNode image, List<Manifest.Node> nodes) {
    List<ArraySpec> specs = ManifestLayers.arrays(nodes);
    if (Boolean.TRUE.equals(image.tables())) {
      Check.that(image.shape().size() == 3, "its input shape %s has not 3 sizes", image.shape());
      specs.add(new ArraySpec(TABLES, Npy.UINT8, List.of(image.shape().get(0), Input.PIXELS)));
    }
    return specs;
  }

  private static byte[] flat(byte[][] tables) {
    var all = ByteBuffer.allocate(tables.length * Input.PIXELS);
    for (byte[] table : tables) {
      all.put(table);
    }
    return all.array();
  }

  private static byte[] npy(Convolution layer, String part, List<Integer> shape) {
    return switch (part) {
      case "codes" -> Npy.of(layer.weights().codes(), shape);
      case "step" -> Npy.of(layer.weights().step(), shape);
      case "bias" -> Npy.of(layer.bias(), shape);
      case "scale" -> Npy.of(layer.scale(), shape);
      case "offset" -> Npy.of(layer.weights().offset(), shape);
      default -> throw new IllegalStateException(part);
    };
  }

  private static QuantizedNetwork parse(byte[] file) throws IOException {
    List<ZipFormat.Entry> entries = ZipFormat.read(file, MAX_ENTRIES);
    Check.that(
        !entries.isEmpty() && entries.get(0).name().equals(MANIFEST),
        "its first entry is not %s",
        MANIFEST);
    Check.that(
        entries.get(0).size() <= MAX_MANIFEST_BYTES,
        "its manifest claims %d bytes; at most %d are read",
        entries.get(0).size(),
        MAX_MANIFEST_BYTES);
    Manifest manifest = Manifest.parse(ZipFormat.inflate(entries.get(0)));
    List<ArraySpec> specs = arrays(manifest.input(), manifest.layers());
    checkArrays(manifest.arrays(), specs);
    checkEntries(entries.subList(1, entries.size()), manifest.arrays());
    Map<String, byte[]> npys = new TreeMap<>();
    for (int i = 0; i < specs.size(); i++) {
      byte[] npy = ZipFormat.inflate(entries.get(i + 1));
      Manifest.Array array = manifest.arrays().get(i);
      Check.that(
          Sha256.hex(npy).equals(array.sha256()),
          "array %s does not match its SHA-256",
          array.name());
      npys.put(array.name(), npy);
    }
    return network(manifest, npys, specs);
  }

  private static void checkArrays(List<Manifest.Array> arrays, List<ArraySpec> specs) {
    Check.that(
        arrays.size() == specs.size(),
        "its manifest lists %d arrays, but its layers need %d",
        arrays.size(),
        specs.size());
    long total = 0;
    for (int i = 0; i < specs.size(); i++) {
      Manifest.Array array = arrays.get(i);
      ArraySpec spec = specs.get(i);
      Check.that(
          spec.equals(new ArraySpec(array.name(), array.dtype(), array.shape())),
          "its manifest lists array %s %s %s, but its layers need %s %s %s",
          array.name(),
          array.dtype(),
          array.shape(),
          spec.name(),
          spec.dtype(),
          spec.shape());
      total = Math.addExact(total, Math.multiplyExact(spec.elements(), 4L) + 1024);
      Check.that(total <= 4L * MAX_BYTES, "its arrays are larger than %d MiB", MAX_BYTES >> 20);
    }
  }

  private static void checkEntries(List<ZipFormat.Entry> entries, List<Manifest.Array> arrays) {
    Check.that(
        entries.size() == arrays.size(),
        "it has %d arrays, but its manifest lists %d",
        entries.size(),
        arrays.size());
    long total = 0;
    for (int i = 0; i < arrays.size(); i++) {
      ZipFormat.Entry entry = entries.get(i);
      Manifest.Array array = arrays.get(i);
      Check.that(
          entry.name().equals(array.file()) && entry.size() == array.bytes(),
          "its entry %d is not array %s with %d bytes, as its manifest says",
          i + 1,
          array.name(),
          array.bytes());
      total += entry.size();
      Check.that(total <= MAX_BYTES, "its arrays are larger than %d MiB", MAX_BYTES >> 20);
    }
  }

  private static QuantizedNetwork network(
      Manifest manifest, Map<String, byte[]> npys, List<ArraySpec> specs) {
    Map<String, ArraySpec> byName = new TreeMap<>();
    specs.forEach(s -> byName.put(s.name(), s));
    var arrays =
        new ManifestLayers.Arrays() {
          @Override
          public byte[] codes(String name) {
            return Npy.bytes(npys.get(name), name, byName.get(name).shape());
          }

          @Override
          public float[] floats(String name) {
            return Npy.floats(npys.get(name), name, byName.get(name).shape());
          }

          @Override
          public int[] shorts(String name) {
            return Npy.shorts(npys.get(name), name, byName.get(name).shape());
          }
        };
    List<Integer> in = manifest.input().shape();
    Check.that(in.size() == 3, "its input shape %s has not 3 sizes", in);
    Shape shape = new Shape(in.get(0), in.get(1), in.get(2));
    var network =
        new QuantizedNetwork(
            manifest.name(),
            input(manifest.input(), shape, npys),
            ManifestLayers.layers(shape, manifest.layers(), arrays),
            manifest.provenance());
    Check.that(
        network.contentHash().equals(manifest.content()),
        "its content does not match the manifest's hash");
    int version = network.isPlain() ? Manifest.PLAIN : Manifest.WIDER;
    Check.that(
        manifest.version() == version,
        "it is of version %d, but its layers are those of version %d",
        manifest.version(),
        version);
    return network;
  }

  static Input input(Manifest.ImageNode image, Shape shape, Map<String, byte[]> npys) {
    var codes =
        image.codes() == null
            ? new Activation(8, image.step())
            : ManifestLayers.activation(image.codes());
    Check.that(
        codes.step() == image.step(),
        "its input has the steps %s and %s",
        image.step(),
        codes.step());
    byte[][] tables = new byte[npys.containsKey(TABLES) ? shape.channels() : 0][];
    if (tables.length > 0) {
      byte[] all = Npy.unsigned(npys.get(TABLES), TABLES, List.of(shape.channels(), Input.PIXELS));
      for (int c = 0; c < tables.length; c++) {
        tables[c] = Arrays.copyOfRange(all, c * Input.PIXELS, (c + 1) * Input.PIXELS);
      }
    }
    return new Input(shape, codes, tables);
  }
}
