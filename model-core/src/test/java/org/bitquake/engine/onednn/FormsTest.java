package org.bitquake.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.bitquake.engine.onednn.Forms.Form;
import org.bitquake.network.Convolution;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.tflite.TfLiteFile;
import org.junit.jupiter.api.Test;

class FormsTest {
  private static final Isa FULL = new Isa(true, true, true);
  private static final Isa WITHOUT_VNNI = new Isa(true, false, true);

  /** What the networks of the engines' contract must have for it to say something of every case. */
  @Test
  void randomNetworksHaveEveryCase() {
    int[] seen = new int[6];
    for (int seed = 300; seed < 600; seed++) {
      var network = RandomNetworks.wide(seed);
      var forms = new Forms(network, FULL);
      for (int i = 0; i < network.layers().size(); i++) {
        var layer = network.layers().get(i);
        if (layer instanceof Convolution c) {
          boolean bytes = forms.inBytes(i);
          seen[0] += bytes ? 0 : 1;
          seen[1] += bytes && network.codes(c.input()).zero() != 0 ? 1 : 0;
          seen[2] += bytes && c.residual().isPresent() ? 1 : 0;
          seen[3] += bytes && forms.of(i) == Form.CODES ? 1 : 0;
        }
        seen[4] += forms.inBoth(i) ? 1 : 0;
        seen[5] += layer instanceof MaxPool && forms.of(i) == Form.CODES ? 1 : 0;
      }
    }

    assertThat(IntStream.of(seen).min().orElse(0))
        .as("floats, zero points, residuals, codes, both forms, maxima of codes")
        .isGreaterThan(10);
  }

  @Test
  void whatAByteCannotHoldIsAFloat() {
    for (int seed = 0; seed < 300; seed++) {
      var network = RandomNetworks.wide(seed);
      var forms = new Forms(network, FULL);
      for (int i = 0; i < network.layers().size(); i++) {
        if (forms.inBytes(i)) {
          var layer = (Convolution) network.layers().get(i);
          int half = 1 << (layer.weights().bits() - 1);
          int gain = layer.weights().gain();
          assertThat(network.maxCode(layer.input())).isLessThanOrEqualTo(255);
          for (int offset : layer.weights().offset()) {
            assertThat(offset - gain * half).isGreaterThanOrEqualTo(-128);
            assertThat(offset + gain * (half - 1)).isLessThanOrEqualTo(127);
          }
        }
      }
    }
  }

  /** Those of ResNet-8 read what a ReLU leaves, whose 0 is 0; the sums are of floats. */
  @Test
  void aPublishedNetworkIsMultipliedInBytes() throws IOException {
    var network = published();
    var forms = new Forms(network, FULL);
    for (int i = 0; i < network.layers().size(); i++) {
      boolean weighted = network.layers().get(i) instanceof Convolution;
      assertThat(forms.inBytes(i)).as(network.layers().get(i).name()).isEqualTo(weighted);
    }
    assertThat(forms.of(QuantizedNetwork.INPUT)).isEqualTo(Form.CODES);
    assertThat(forms.of(network.layers().size() - 1)).isEqualTo(Form.VALUES);
  }

  @Test
  void withoutVnniEightBitsAreFloats() throws IOException {
    var network = published();
    var forms = new Forms(network, WITHOUT_VNNI);
    for (int i = 0; i < network.layers().size(); i++) {
      assertThat(forms.inBytes(i)).isFalse();
      assertThat(forms.of(i)).isEqualTo(Form.VALUES);
      assertThat(forms.inBoth(i)).isFalse();
    }
  }

  private static QuantizedNetwork published() throws IOException {
    Path file = Path.of("../../shared/data/mlperf-tiny/pretrainedResnet_quant.tflite");
    assumeTrue(Files.exists(file), "needs " + file);
    return TfLiteFile.read(Files.readAllBytes(file), "resnet8", "resnet8");
  }
}
