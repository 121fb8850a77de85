package org.bitquake.network;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
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
 * {@code L.bias} and {@code L.scale} float32 {@code [outC]}.
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
    List<Manifest.Node> nodes = network.layers().stream().map(ManifestLayers::node).toList();
    Map<String, Convolution> layers = new TreeMap<>();
    network.weightLayers().forEach(c -> layers.put(c.name(), c));
    for (ArraySpec spec : ManifestLayers.arrays(nodes)) {
      int dot = spec.name().lastIndexOf('.');
      Convolution layer = layers.get(spec.name().substring(0, dot));
      byte[] npy = npy(layer, spec.name().substring(dot + 1), spec.shape());
      String hash = Sha256.hex(npy);
      var array = new Manifest.Array(spec.name(), spec.dtype(), spec.shape(), npy.length, hash);
      arrays.add(array);
      entries.add(ZipFormat.entry(array.file(), npy));
    }
    Shape in = network.inputShape();
    var manifest =
        new Manifest(
            Manifest.FORMAT,
            Manifest.VERSION,
            network.name(),
            network.contentHash(),
            new Manifest.Input(
                List.of(in.channels(), in.height(), in.width()), network.inputStep()),
            nodes,
            arrays,
            network.provenance());
    entries.add(0, ZipFormat.entry(MANIFEST, manifest.toJson()));
    return ZipFormat.write(entries);
  }

  private static byte[] npy(Convolution layer, String part, List<Integer> shape) {
    return switch (part) {
      case "codes" -> Npy.of(layer.weights().codes(), shape);
      case "step" -> Npy.of(layer.weights().step(), shape);
      case "bias" -> Npy.of(layer.bias(), shape);
      case "scale" -> Npy.of(layer.scale(), shape);
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
    List<ArraySpec> specs = ManifestLayers.arrays(manifest.layers());
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
        };
    List<Integer> in = manifest.input().shape();
    Check.that(in.size() == 3, "its input shape %s has not 3 sizes", in);
    Shape shape = new Shape(in.get(0), in.get(1), in.get(2));
    var network =
        new QuantizedNetwork(
            manifest.name(),
            shape,
            manifest.input().step(),
            ManifestLayers.layers(shape, manifest.layers(), arrays),
            manifest.provenance());
    Check.that(
        network.contentHash().equals(manifest.content()),
        "its content does not match the manifest's hash");
    return network;
  }
}
