package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import org.bitquake.InputException;
import org.bitquake.data.Shape;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.InputFormat.Channels;
import org.bitquake.onnx.InputFormat.Layout;
import org.bitquake.onnx.QdqModels.Tensor;
import org.junit.jupiter.api.Test;

/** What a model's user says of its images is what nodes in front of it would do. */
class InputFormatTest {
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);

  /** A model for colour images, as floats; with nodes that normalise, or without. */
  private static ModelProto colour(boolean normalised, boolean last) {
    var m = new QdqModels(seedOfThreeChannels());
    Shape s = m.image;
    String x = "image";
    if (normalised) {
      m.out.floats("mean", floats(MEAN), 1, 3, 1, 1);
      m.out.floats("std", floats(STD), 1, 3, 1, 1);
      m.out.node("Sub", "sub", "sub.y", x, "mean");
      m.out.node("Div", "div", "div.y", "sub.y", "std");
      x = "div.y";
    }
    if (last) {
      m.out
          .node("Transpose", "first", "first.y", x)
          .addAttribute(m.out.integers("perm", List.of(0, 3, 1, 2)));
      x = "first.y";
    }
    var image = new Tensor(x, 3, s.height(), s.width(), 1.5f);
    Tensor q = m.quantised("input", image, 0.02f, m.out.uint8(128));
    Tensor y = m.quantised("stem", m.conv("stem", q, 4), false);
    ModelProto model = m.model(m.classes(y));
    return last
        ? QdqModels.withInput(model, 1, s.height(), s.width(), 3)
        : QdqModels.withFloats(model);
  }

  private static long seedOfThreeChannels() {
    for (long seed = 0; ; seed++) {
      if (new QdqModels(seed).image.channels() == 3) {
        return seed;
      }
    }
  }

  private static float[] floats(List<Double> values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).floatValue();
    }
    return result;
  }

  private static QuantizedNetwork read(ModelProto model, InputFormat format) {
    return OnnxFile.read(model.toByteArray(), "model.onnx", "model", format);
  }

  private static InputFormat normal(Layout layout, Channels channels) {
    return new InputFormat(MEAN, STD, layout, channels);
  }

  @Test
  void meanAndDeviationAreTablesOfCodes() {
    QuantizedNetwork nodes = read(colour(true, false), InputFormat.plain());
    QuantizedNetwork said = read(colour(false, false), normal(Layout.NCHW, Channels.RGB));

    assertThat(nodes.input().tables()).hasDimensions(3, 256);
    int differing = 0;
    for (int c = 0; c < 3; c++) {
      for (int p = 0; p < 256; p++) {
        double real = (p / 255.0 - MEAN.get(c)) / STD.get(c) / (double) 0.02f + 128;
        int code = said.input().tables()[c][p] & 0xff;
        // Half a code, and what float32 may make of a tie.
        assertThat(Math.abs(code - Math.max(0, Math.min(255, real)))).isLessThan(0.5001);
        differing += said.input().tables()[c][p] == nodes.input().tables()[c][p] ? 0 : 1;
      }
    }
    assertThat(differing).as("codes that float32 in the nodes rounds otherwise").isLessThan(3);
    assertThat(said.provenance()).doesNotContainKey("imported.warning");
  }

  @Test
  void channelsLastBehindATransposeAreTheSameNetwork() {
    QuantizedNetwork first = read(colour(false, false), normal(Layout.NCHW, Channels.RGB));
    QuantizedNetwork last = read(colour(false, true), normal(Layout.NHWC, Channels.RGB));
    assertThat(last.contentHash()).isEqualTo(first.contentHash());
  }

  @Test
  void blueFirstReadsTurnedImages() {
    QuantizedNetwork rgb = read(colour(false, false), normal(Layout.NCHW, Channels.RGB));
    QuantizedNetwork bgr = read(colour(false, false), normal(Layout.NCHW, Channels.BGR));
    int size = rgb.inputShape().size();
    byte[] images = new byte[20 * size];
    new SplittableRandom(1).nextBytes(images);
    byte[] turned = new byte[images.length];
    int plane = size / 3;
    for (int k = 0; k < images.length; k++) {
      int channel = k / plane % 3;
      turned[k + (2 - 2 * channel) * plane] = images[k];
    }
    assertThat(logits(bgr, turned)).isEqualTo(logits(rgb, images));
    assertThat(logits(bgr, images)).isNotEqualTo(logits(rgb, images));
  }

  private static float[] logits(QuantizedNetwork network, byte[] images) {
    float[] logits = new float[20 * network.classes()];
    try (var engine = new ReferenceEngine(network)) {
      engine.logits(images, 20, logits);
    }
    return logits;
  }

  /** A model that wants numbers of about ±2 uses few codes of pixels / 255. */
  @Test
  void anInputThatShouldBeNormalisedIsNoted() {
    QuantizedNetwork network = read(colour(false, false), InputFormat.plain());
    assertThat(network.provenance().get("imported.warning")).contains("--mean", "--std");
  }

  /** At steps of 1/255 all codes are used; at a quarter of that, every fourth up to a quarter. */
  @Test
  void soIsOneWhosePixelsMeetAFewCodesOnly() {
    for (int k : new int[] {1, 4}) {
      var m = new QdqModels(seedOfThreeChannels());
      var image = new Tensor("image", 3, m.image.height(), m.image.width(), 1);
      Tensor q = m.quantised("input", image, 1 / (255f * k), m.out.uint8(0));
      Tensor y = m.quantised("stem", m.conv("stem", q, 4), false);
      var network = read(QdqModels.withFloats(m.model(m.classes(y))), InputFormat.plain());
      var warning = Optional.ofNullable(network.provenance().get("imported.warning"));
      assertThat(warning.isPresent()).isEqualTo(k > 1);
      warning.ifPresent(text -> assertThat(text).contains("use 65 of the 256 codes", "--mean"));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(
            () ->
                read(
                    colour(false, false),
                    new InputFormat(
                        List.of(0.5, 0.5), List.of(1.0, 1.0), Layout.NCHW, Channels.RGB)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 values for 3 channels");
    assertThatThrownBy(() -> new InputFormat(List.of(0.5), List.of(0.0), Layout.NCHW, Channels.RGB))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> read(colour(false, false), normal(Layout.NHWC, Channels.RGB)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("channels");
  }
}
