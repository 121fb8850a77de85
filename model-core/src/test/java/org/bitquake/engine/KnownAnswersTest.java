package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {
  private static final List<KnownAnswers.Case> CASES = KnownAnswers.cases();

  @Test
  void theReferenceEngineGivesThem() {
    assertThat(KnownAnswers.failure(new ReferenceProvider())).isEmpty();
  }

  @Test
  void theReferenceEngineIsTheDefinition() {
    for (KnownAnswers.Case known : CASES) {
      var network = known.network();
      int classes = network.classes();
      float[] logits = new float[33 * classes];
      var oracle = new NaiveInference(network, network.copyCodes());
      try (var engine = new ReferenceEngine(network)) {
        engine.logits(known.images(), 33, logits);
      }
      for (int image = 0; image < 33; image++) {
        float[] its = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
        assertThat(its).as(network.name()).isEqualTo(oracle.logits(known.images(), image));
      }
    }
  }

  @Test
  void codesOfTheThirdAreAllOverTheirRange() {
    var network = CASES.get(2).network();
    Set<Integer> seen = new HashSet<>();
    try (var engine = new ReferenceEngine(network)) {
      engine.trace(
          CASES.get(2).images(),
          33,
          (image, position, layer, codes) ->
              Arrays.stream(codes).forEach(code -> seen.add(position * 256 + code)));
    }
    for (int p = 0; p < network.layers().size(); p++) {
      int position = p;
      assertThat(seen.stream().filter(s -> s / 256 == position))
          .as("layer %d", p)
          .hasSizeGreaterThan(60);
    }
  }

  @Test
  void theyMeetTiesClipsAndValuesInside() {
    long[] seen = new long[4];
    var oracle = new NaiveInference(CASES.get(0).network(), CASES.get(0).network().copyCodes());
    oracle.watch(
        (layer, y, max) -> {
          seen[0] += y < 0 ? 1 : 0;
          seen[1] += y > max ? 1 : 0;
          seen[2] += y > 0 && y < max && y - Math.floor(y) == 0.5 ? 1 : 0;
          seen[3] += y > 0 && y < max ? 1 : 0;
        });
    for (int image = 0; image < 33; image++) {
      oracle.logits(CASES.get(0).images(), image);
    }

    assertThat(Arrays.stream(seen).min().orElse(0))
        .as("below, above, ties, inside")
        .isGreaterThan(20);
  }

  @Test
  void oneRoundingAndTwoDifferInTheSecond() {
    var layer = (Convolution) CASES.get(1).network().layers().get(0);
    byte[] images = CASES.get(1).images();
    int differing = 0;
    for (int k = 0; k < images.length; k++) {
      float y = layer.bias()[k / 16 % 64];
      float ratio = layer.residual().orElseThrow().ratio();
      float code = images[k] & 0xff;
      int once = Kernels.round(Math.fma(ratio, code, y), 0, 15);
      int twice = Kernels.round(ratio * code + y, 0, 15);
      differing += once != twice ? 1 : 0;
    }

    assertThat(differing).isGreaterThan(100);
  }

  @Test
  void anEngineThatIsWrongInOneLogitFails() {
    var wrong =
        new EngineProvider() {
          @Override
          public String name() {
            return "wrong";
          }

          @Override
          public Optional<String> unavailable() {
            return Optional.empty();
          }

          @Override
          public Optional<String> unsupported(QuantizedNetwork network) {
            return Optional.empty();
          }

          @Override
          public double nanosPerImage(QuantizedNetwork network) {
            return 0;
          }

          @Override
          public Engine prepare(QuantizedNetwork network) {
            return new OneUlpOff(new ReferenceEngine(network));
          }
        };

    assertThat(KnownAnswers.failure(wrong))
        .hasValueSatisfying(why -> assertThat(why).contains("wrong logits", "every-layer"));
  }

  /** The last logit is one unit in the last place too large. */
  private record OneUlpOff(Engine right) implements Engine {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public void activations(ActivationFaults faults) {
      right.activations(faults);
    }

    @Override
    public void load(byte[][] codes) {
      right.load(codes);
    }

    @Override
    public void logits(byte[] images, int count, float[] logits) {
      right.logits(images, count, logits);
      logits[logits.length - 1] = Math.nextUp(logits[logits.length - 1]);
    }

    @Override
    public void predict(byte[] images, int count, int[] predictions) {
      right.predict(images, count, predictions);
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
