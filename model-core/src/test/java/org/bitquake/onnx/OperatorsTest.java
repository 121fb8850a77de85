package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of operators on integers, QLinearConv and its kin, against ONNX Runtime's codes. */
class OperatorsTest {
  /** Unsigned and signed; with QLinearMatMul, and with QGemm whose integers are the output. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void operators(long seed) throws Exception {
    var models = new OperatorModels(seed, seed % 2 == 0);
    var model = models.model(seed > 2);

    var network = KindsTest.requireSame(models.m, model);

    assertThat(network.outputCodes()).isPresent();
    assertThat(network.layers())
        .hasAtLeastOneElementOfType(Add.class)
        .hasAtLeastOneElementOfType(Concat.class)
        .hasAtLeastOneElementOfType(AveragePool.class);
  }
}
