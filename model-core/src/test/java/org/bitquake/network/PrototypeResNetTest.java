package org.bitquake.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.junit.jupiter.api.Test;

/** The ResNet layout of research code against a forward pass as it is written there. */
class PrototypeResNetTest {
  private static final int WIDTH = 3;
  private static final int IMAGES = 4;
  private static final float EPSILON = 1e-5f;

  private final Map<String, float[]> floats = new TreeMap<>();
  private final Map<String, byte[]> codes = new TreeMap<>();
  private final Map<String, List<Integer>> shapes = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(11);

  /** Codes written by the forward pass, layer by layer. */
  private final List<long[]> written = new ArrayList<>();

  PrototypeResNetTest() {
    add("stem", 3, WIDTH, 3, true);
    for (int b = 0; b < 8; b++) {
      int to = WIDTH << (b / 2);
      int from = b > 0 && b % 2 == 0 ? to / 2 : to;
      add("block" + b + ".conv1", from, to, 3, true);
      add("block" + b + ".conv2", to, to, 3, true);
      if (from != to) {
        add("block" + b + ".shortcut", from, to, 1, false);
      }
    }
    put("fc.codes", randomCodes(10 * 8 * WIDTH), 10, 8 * WIDTH);
    put("fc.step", new float[] {0.07f});
    put("fc.bias", uniform(10, -1, 1), 10);
  }

  private void add(String name, int from, int to, int kernel, boolean activation) {
    int taps = from * kernel * kernel;
    byte[] w = randomCodes(to * taps);
    float step = 0.02f + 0.02f * random.nextFloat();
    put(name + ".codes", w, to, from, kernel, kernel);
    put(name + ".step", new float[] {step});
    float input = name.equals("stem") ? 0.5f : 0.2f;
    float[] mean = new float[to];
    float[] variance = new float[to];
    for (int c = 0; c < to; c++) {
      double sum = 0;
      double squares = 0;
      for (int t = c * taps; t < (c + 1) * taps; t++) {
        sum += w[t] * step;
        squares += w[t] * step * w[t] * step;
      }
      mean[c] = (float) (sum * input);
      variance[c] = (float) (squares * input * input);
    }
    put(name + ".bn.mean", mean, to);
    put(name + ".bn.var", variance, to);
    put(name + ".bn.gamma", uniform(to, 0.2, 0.5), to);
    put(name + ".bn.beta", uniform(to, -0.2, 0.2), to);
    if (activation) {
      put(name + ".act_step", new float[] {0.08f + 0.04f * random.nextFloat()});
    }
  }

  private byte[] randomCodes(int count) {
    byte[] w = new byte[count];
    for (int i = 0; i < count; i++) {
      w[i] = (byte) (random.nextInt(16) - 8);
    }
    return w;
  }

  private float[] uniform(int count, double low, double high) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return values;
  }

  private void put(String name, byte[] values, Integer... shape) {
    codes.put(name, values);
    shapes.put(name, List.of(shape));
  }

  private void put(String name, float[] values, Integer... shape) {
    floats.put(name, values);
    shapes.put(name, List.of(shape));
  }

  private byte[] file() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var e : shapes.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey() + ".npy"));
        byte[] w = codes.get(e.getKey());
        zip.write(
            w != null ? Npy.of(w, e.getValue()) : Npy.of(floats.get(e.getKey()), e.getValue()));
      }
    }
    return bytes.toByteArray();
  }

  private QuantizedNetwork network() throws IOException {
    return PrototypeFile.read(file(), "resnet.npz", "resnet");
  }

  private static byte[] images() {
    byte[] images = new byte[IMAGES * 3 * 32 * 32];
    new SplittableRandom(5).nextBytes(images);
    return images;
  }

  @Test
  void isTheForwardPassWithBatchNormalization() throws IOException {
    QuantizedNetwork network = network();
    float[] logits = new float[IMAGES * 10];
    try (var engine = Engines.prepare(network)) {
      engine.logits(images(), IMAGES, logits);
    }
    for (int n = 0; n < IMAGES; n++) {
      double[] expected = forward(images(), n, true);
      assertThat(Collections.max(zeroFractions())).as("alive").isLessThan(0.9);
      for (int c = 0; c < 10; c++) {
        assertThat((double) logits[n * 10 + c])
            .isCloseTo(expected[c], org.assertj.core.data.Offset.offset(1e-4));
      }
    }
  }

  /** The codes after the first shortcut, with it rounded and not, from the same inputs. */
  @Test
  void roundingAShortcutMovesFewCodesByOne() throws IOException {
    var shortcut =
        network().weightLayers().stream().filter(c -> c.name().equals("block2.shortcut")).findAny();
    double step = shortcut.orElseThrow().activation().orElseThrow().step();
    double allowed = step / floats.get("block2.conv2.act_step")[0];
    int index = 6; // stem, two blocks of two, block2.conv1, block2.conv2
    long differing = 0;
    long all = 0;
    for (int n = 0; n < IMAGES; n++) {
      forward(images(), n, true);
      long[] rounded = written.get(index);
      forward(images(), n, false);
      long[] exact = written.get(index);
      for (int i = 0; i < exact.length; i++) {
        assertThat(Math.abs(exact[i] - rounded[i])).isLessThanOrEqualTo(1);
        differing += exact[i] == rounded[i] ? 0 : 1;
      }
      all += exact.length;
    }
    assertThat((double) differing / all).isBetween(1e-9, allowed / 2);
  }

  @Test
  void missingAndMisshapenArraysAreNamed() throws IOException {
    var step = floats.remove("block3.conv1.bn.beta");
    var shape = shapes.remove("block3.conv1.bn.beta");
    assertThatThrownBy(this::network)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "resnet.npz: cannot import this NumPy file: it has no array block3.conv1.bn.beta");
    floats.put("block3.conv1.bn.beta", step);
    shapes.put("block3.conv1.bn.beta", shape);
    codes.put("block1.conv1.codes", new byte[7]);
    shapes.put("block1.conv1.codes", List.of(7));
    assertThatThrownBy(this::network)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("array block1.conv1.codes: shape (7,), not (3, 3, 3, 3)");
    byte[] file = file();
    byte[] cut = java.util.Arrays.copyOf(file, file.length / 2);
    assertThatThrownBy(() -> PrototypeFile.read(cut, "cut.npz", "cut"))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> PrototypeFile.read(new byte[] {'P', 'K', 3, 4}, "x.npz", "x"))
        .isInstanceOf(InputException.class);
  }

  private List<Double> zeroFractions() {
    return written.stream()
        .map(w -> java.util.Arrays.stream(w).filter(v -> v == 0).count() / (double) w.length)
        .toList();
  }

  /** In double, in the order of the research code; real values between layers. */
  private double[] forward(byte[] images, int n, boolean roundShortcuts) {
    written.clear();
    double[] x = new double[3 * 32 * 32];
    for (int i = 0; i < x.length; i++) {
      x[i] = (images[n * x.length + i] & 0xff) * (double) (1 / 255f);
    }
    x = quantized("stem", normalized("stem", x, 32, 3, WIDTH, 1));
    int side = 32;
    int channels = WIDTH;
    for (int b = 0; b < 8; b++) {
      String block = "block" + b;
      int to = WIDTH << (b / 2);
      int stride = to == channels ? 1 : 2;
      double[] y =
          quantized(block + ".conv1", normalized(block + ".conv1", x, side, channels, to, stride));
      y = normalized(block + ".conv2", y, side / stride, to, to, 1);
      double[] s = x;
      if (stride == 2) {
        s = normalized(block + ".shortcut", x, side, channels, to, 2);
        s = roundShortcuts ? rounded(block + ".shortcut", s) : s;
      }
      for (int i = 0; i < y.length; i++) {
        y[i] += s[i];
      }
      x = quantized(block + ".conv2", y);
      side /= stride;
      channels = to;
    }
    double[] logits = new double[10];
    for (int c = 0; c < 10; c++) {
      for (int i = 0; i < x.length; i++) {
        int w = codes.get("fc.codes")[c * channels + i / 16];
        logits[c] += w * (double) floats.get("fc.step")[0] * x[i] / 16;
      }
      logits[c] += floats.get("fc.bias")[c];
    }
    return logits;
  }

  private double[] quantized(String name, double[] x) {
    double step = floats.get(name + ".act_step")[0];
    long[] out = new long[x.length];
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      out[i] = (long) Math.rint(Math.min(15, Math.max(0, x[i] / step)));
      y[i] = out[i] * step;
    }
    written.add(out);
    return y;
  }

  /** As the documentation of the importer says: 256 steps over five deviations. */
  private double[] rounded(String name, double[] x) {
    double reach = 0;
    for (int c = 0; c < floats.get(name + ".bn.beta").length; c++) {
      double beta = Math.abs(floats.get(name + ".bn.beta")[c]);
      reach = Math.max(reach, beta + 5 * floats.get(name + ".bn.gamma")[c]);
    }
    double step = (float) (reach / 127);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.rint(Math.min(127, Math.max(-128, x[i] / step))) * step;
    }
    return y;
  }

  private double[] normalized(String name, double[] x, int side, int from, int to, int stride) {
    byte[] w = codes.get(name + ".codes");
    int k = shapes.get(name + ".codes").get(2);
    double step = floats.get(name + ".step")[0];
    int out = side / stride;
    double[] y = new double[to * out * out];
    for (int i = 0; i < y.length; i++) {
      int c = i / out / out;
      double sum = 0;
      for (int t = 0; t < from * k * k; t++) {
        int iy = i / out % out * stride + t / k % k - k / 2;
        int ix = i % out * stride + t % k - k / 2;
        if (iy >= 0 && ix >= 0 && iy < side && ix < side) {
          sum += w[c * from * k * k + t] * step * x[(t / k / k * side + iy) * side + ix];
        }
      }
      double deviation = Math.sqrt(floats.get(name + ".bn.var")[c] + (double) EPSILON);
      double g = floats.get(name + ".bn.gamma")[c] / deviation;
      y[i] = (sum - floats.get(name + ".bn.mean")[c]) * g + floats.get(name + ".bn.beta")[c];
    }
    return y;
  }
}
