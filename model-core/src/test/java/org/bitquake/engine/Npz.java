package org.bitquake.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Reads arrays of an {@code .npz} that NumPy wrote, with the platform's zip reader. */
public final class Npz implements AutoCloseable {
  private final ZipFile zip;

  public Npz(Path path) throws IOException {
    this.zip = new ZipFile(path.toFile());
  }

  public byte[] bytes(String name) throws IOException {
    ByteBuffer data = data(name, "'|i1'");
    byte[] result = new byte[data.remaining()];
    data.get(result);
    return result;
  }

  public float[] floats(String name) throws IOException {
    ByteBuffer data = data(name, "'<f4'");
    float[] result = new float[data.remaining() / 4];
    data.asFloatBuffer().get(result);
    return result;
  }

  public double[] doubles(String name) throws IOException {
    ByteBuffer data = data(name, "'<f8'");
    double[] result = new double[data.remaining() / 8];
    data.asDoubleBuffer().get(result);
    return result;
  }

  public float number(String name) throws IOException {
    return floats(name)[0];
  }

  private ByteBuffer data(String name, String dtype) throws IOException {
    try (var in = zip.getInputStream(zip.getEntry(name + ".npy"))) {
      ByteBuffer all = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int start = 10 + all.getShort(8);
      String header = new String(all.array(), 10, start - 10, StandardCharsets.US_ASCII);
      if (!header.contains(dtype) || !header.contains("'fortran_order': False")) {
        throw new IOException(name + ": " + header);
      }
      return all.position(start).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
