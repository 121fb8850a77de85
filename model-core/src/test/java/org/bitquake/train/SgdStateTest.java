package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.bitquake.quant.Quantizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the update as PyTorch's {@code SGD} documents it, for one weight and one step. */
class SgdStateTest {
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;
  private static final double DECAY = 0.01;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void momentumAndDecayAreThoseOfPyTorch(boolean nesterov) {
    var model = new QuantizedModel(new LeNet5Graph(10, false), Quantizer.LSQ, 4, 4);
    var options =
        new TrainOptions(
            "sgd",
            TrainOptions.Model.lenet5(),
            1,
            1,
            0,
            1,
            false,
            RATE,
            0.5,
            nesterov,
            DECAY,
            0,
            0,
            0,
            Quantizer.LSQ,
            4,
            4);
    var sgd = new SgdState(model.master().length, model.steps().length);
    var steps = model.steps();
    java.util.Arrays.fill(steps, 3);
    model.setSteps(steps);
    model.master()[0] = 2;
    double w = 2;
    double v = 0;
    double step = 3;
    double stepV = 0;
    for (double slope : new double[] {1, -3, 0.5}) {
      model.gradient()[0] = (float) slope;
      var stepGradients = new double[steps.length];
      stepGradients[0] = slope;
      sgd.update(model, stepGradients, RATE, MOMENTUM, options);

      double g = slope + DECAY * w;
      v = MOMENTUM * v + g;
      w -= RATE * (nesterov ? g + MOMENTUM * v : v);
      stepV = MOMENTUM * stepV + slope;
      step -= 0.5 * RATE * (nesterov ? slope + MOMENTUM * stepV : stepV);
      assertThat(model.master()[0]).isCloseTo((float) w, offset(1e-6f));
      assertThat(model.steps()[0]).isCloseTo((float) step, offset(1e-6f));
      assertThat(model.steps()[1]).isEqualTo(3f);
    }
  }
}
