package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.InputException;
import org.bitquake.quant.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightClipTest {
  private static final int LENGTH = 1000;

  private final float[] w = new float[LENGTH + 2];

  WeightClipTest() {
    var random = RandomSource.XO_SHI_RO_256_PP.create(3L);
    for (int i = 0; i < w.length; i++) {
      w[i] = 2 * random.nextFloat() - 1;
    }
  }

  @Test
  void weightsBeyondTheBoundComeToItAndOthersStay() {
    float[] before = w.clone();
    WeightClip.within(0.25).clip(w, 1, LENGTH);

    assertThat(w[0]).isEqualTo(before[0]);
    assertThat(w[LENGTH + 1]).isEqualTo(before[LENGTH + 1]);
    for (int i = 1; i <= LENGTH; i++) {
      float expected = Math.abs(before[i]) <= 0.25f ? before[i] : Math.copySign(0.25f, before[i]);
      assertThat(w[i]).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.5, 0.9, 0.9991, 0.9999})
  void aQuantileLeavesThatShareAndBoundsTheRestByItsLargest(double quantile) {
    float[] before = w.clone();
    WeightClip.ofQuantile(quantile).clip(w, 1, LENGTH);

    int kept = (int) Math.ceil(quantile * LENGTH);
    double most = IntStream.rangeClosed(1, LENGTH).mapToDouble(i -> Math.abs(w[i])).max().orElse(0);
    assertThat(IntStream.rangeClosed(1, LENGTH).filter(i -> w[i] == before[i])).hasSize(kept);
    assertThat(IntStream.rangeClosed(1, LENGTH).filter(i -> Math.abs(w[i]) < most))
        .hasSize(kept - 1);
    float[] once = w.clone();
    WeightClip.ofQuantile(quantile).clip(w, 1, LENGTH);
    assertThat(w).isEqualTo(once);
  }

  @Test
  void noneLeavesEverything() {
    float[] before = w.clone();
    WeightClip.NONE.clip(w, 0, w.length);
    assertThat(w).isEqualTo(before);
    assertThat(WeightClip.NONE.clips()).isFalse();
  }

  @Test
  void weightsOfEachLayerAreClippedAndNothingElse() {
    var model = new QuantizedModel(new LeNet5Graph(10, false), Quantizer.LSQ, 4, 4);
    java.util.Arrays.fill(model.master(), -2);
    WeightClip.within(0.5).apply(model);

    for (var s : model.slots()) {
      for (int i = 0; i < s.weights(); i++) {
        assertThat(model.master()[s.weightOffset() + i]).isEqualTo(-0.5f);
      }
      for (int i = 0; i < s.biases(); i++) {
        assertThat(model.master()[s.biasOffset() + i]).isEqualTo(-2f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN})
  void aBoundIsAboveZero(double bound) {
    assertThatThrownBy(() -> WeightClip.within(bound))
        .isInstanceOf(InputException.class)
        .hasMessage("weights clip at a number above 0, not at " + bound);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void aQuantileIsBetweenZeroAndOne(double quantile) {
    assertThatThrownBy(() -> WeightClip.ofQuantile(quantile))
        .isInstanceOf(InputException.class)
        .hasMessage("weights clip at a quantile between 0 and 1, not at " + quantile);
  }
}
