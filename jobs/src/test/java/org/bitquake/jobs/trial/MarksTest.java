package org.bitquake.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engines;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {
  private static final Shape SHAPE = new Shape(1, 28, 28);

  /** More than an engine is given at once where there are logits to look at. */
  private static final int IMAGES = 300;

  /** With many classes images go in parts; each has its own faults, wherever it is. */
  @ParameterizedTest
  @ValueSource(ints = {10, 30})
  void faultsOfActivationsAreThoseOfEachImage(int classes) {
    var network = SmallWorld.network("a", SHAPE, classes, 2, 5);
    var random = new SplittableRandom(classes);
    byte[] pixels = new byte[IMAGES * SHAPE.size()];
    byte[] labels = new byte[IMAGES];
    random.nextBytes(pixels);
    IntStream.range(0, IMAGES).forEach(i -> labels[i] = (byte) random.nextInt(classes));
    var data = new Dataset("random", SHAPE, classes, pixels, labels);
    int[] numbers = IntStream.range(0, IMAGES).toArray();
    var sampler =
        new ActivationFaultSampler(
            1, network, CellPattern.INSTANCE, new Scope(Storage.DEFAULT, true, true));
    sampler.draw(3, 0.3);
    try (var engine = Engines.prepare(network)) {
      var marks = new Marks(data, IMAGES);
      byte[] sound = marks.of(engine, pixels, numbers, IMAGES).clone();
      var faults = sampler.faults(FaultKind.BIT_FLIP, 0.3, numbers);
      byte[] faulty = marks.of(engine, faults, pixels, numbers, IMAGES).clone();
      assertThat(faulty).isEqualTo(alone(network, sampler, data)).isNotEqualTo(sound);
      assertThat(marks.of(engine, pixels, numbers, IMAGES)).as("afterwards").isEqualTo(sound);
    }
  }

  private static byte[] alone(
      QuantizedNetwork network, ActivationFaultSampler sampler, Dataset data) {
    byte[] result = new byte[IMAGES];
    byte[] pixels = new byte[SHAPE.size()];
    try (var engine = Engines.prepare(network)) {
      for (int i = 0; i < IMAGES; i++) {
        data.copyImage(i, pixels, 0);
        int[] number = {i};
        var faults = sampler.faults(FaultKind.BIT_FLIP, 0.3, number);
        result[i] = new Marks(data, 1).of(engine, faults, pixels, number, 1)[0];
      }
    }
    return result;
  }
}
