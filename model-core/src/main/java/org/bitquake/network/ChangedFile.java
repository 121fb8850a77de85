package org.bitquake.network;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.data.Shape;

/**
 * Reads a network file whose arrays were opened, changed and saved again in NumPy: {@code d =
 * dict(numpy.load(file)); …; numpy.savez(other, **d)}. Its description says what the arrays are;
 * its hashes are those of the network that it was made from, so all is checked like a foreign file
 * and hashed anew.
 */
public final class ChangedFile {
  private static final String MANIFEST = "manifest.json";

  private final NumpyArchive archive;

  private ChangedFile(NumpyArchive archive) {
    this.archive = archive;
  }

  /** Whether a zip holds a network's description. */
  public static boolean looksLikeOne(byte[] file) {
    try {
      return new NumpyArchive(file).has(MANIFEST);
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Reads a network. Its provenance says which one it was made from.
   *
   * @param source what to call the file in messages
   * @throws InputException if the arrays are not those of a sound network
   */
  public static QuantizedNetwork read(byte[] file, String source) {
    try {
      return new ChangedFile(new NumpyArchive(file)).network(Sha256.hex(file));
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InputException(source + ": cannot import this changed network: " + reason, e);
    }
  }

  private QuantizedNetwork network(String sha256) throws IOException {
    Manifest manifest = Manifest.parse(archive.text(MANIFEST));
    List<Integer> in = manifest.input().shape();
    Check.that(in.size() == 3, "its input shape %s has not 3 sizes", in);
    Shape shape = new Shape(in.get(0), in.get(1), in.get(2));
    Map<String, List<Integer>> shapes = new TreeMap<>();
    ManifestLayers.arrays(manifest.layers()).forEach(a -> shapes.put(a.name(), a.shape()));
    var arrays =
        new ManifestLayers.Arrays() {
          @Override
          public byte[] codes(String name) {
            int[] values = archive.integers(name, shapes.get(name), Byte.MIN_VALUE, Byte.MAX_VALUE);
            byte[] codes = new byte[values.length];
            for (int i = 0; i < codes.length; i++) {
              codes[i] = (byte) values[i];
            }
            return codes;
          }

          @Override
          public float[] floats(String name) {
            return archive.reals(name, shapes.get(name));
          }

          @Override
          public int[] shorts(String name) {
            return archive.integers(name, shapes.get(name), Short.MIN_VALUE, Short.MAX_VALUE);
          }
        };
    Map<String, String> provenance = new TreeMap<>(manifest.provenance());
    provenance.put("imported.format", "NumPy, a changed network file");
    provenance.put("imported.sha256", sha256);
    provenance.put("changed.from", manifest.content());
    Map<String, byte[]> tables = new TreeMap<>();
    if (Boolean.TRUE.equals(manifest.input().tables())) {
      int[] values = archive.integers(QnnFile.TABLES, List.of(in.get(0), Input.PIXELS), 0, 255);
      byte[] codes = new byte[values.length];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) values[i];
      }
      tables.put(QnnFile.TABLES, Npy.ofUnsigned(codes, List.of(in.get(0), Input.PIXELS)));
    }
    return new QuantizedNetwork(
        manifest.name(),
        QnnFile.input(manifest.input(), shape, tables),
        ManifestLayers.layers(shape, manifest.layers(), arrays),
        provenance);
  }
}
