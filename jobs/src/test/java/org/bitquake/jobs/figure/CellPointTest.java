package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Points of a figure, from the table of cells. */
class CellPointTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("network", DataTypes.StringType)
          .add("kind", DataTypes.StringType)
          .add("rate", DataTypes.DoubleType)
          .add("accuracy", DataTypes.DoubleType)
          .add("half_width", DataTypes.DoubleType)
          .add("clean_accuracy", DataTypes.DoubleType);

  private static Row cell(String network, double rate, Double accuracy) {
    Object[] values = {network, "bit-flip", rate, accuracy, rate == 0 ? null : 0.01, 0.9};
    return new GenericRowWithSchema(values, SCHEMA);
  }

  private static CellPoint point(String network, double rate, double accuracy, double half) {
    return new CellPoint(network, "bit-flip", rate, accuracy, OptionalDouble.of(half));
  }

  /** A campaign of one rate has lines, too. */
  @Test
  void linesBeginWhereThereAreNoFaults() {
    assertThat(CellPoint.from(List.of(cell("a", 0.05, 0.7), cell("b", 0.05, null))))
        .containsExactly(point("a", 0.05, 0.7, 0.01), point("a", 0, 0.9, 0));
    assertThat(CellPoint.from(List.of(cell("a", 0, 0.9), cell("a", 0.05, 0.7))))
        .extracting(CellPoint::rate)
        .containsExactly(0.0, 0.05);
  }

  /**
   * Quantiles of a printed table: t(0.975) is 12.706 with one degree of freedom, 2.776 with four.
   */
  @Test
  void networksThatWereTrainedAlikeAreOneLineWithTheirInterval() {
    var points =
        List.of(
            point("x-1", 0.05, 0.80, 0.001),
            point("y-1", 0.05, 0.60, 0.002),
            point("x-2", 0.05, 0.84, 0.001));
    var means = CellPoint.means(points, name -> name.substring(0, 1));
    assertThat(means).extracting(CellPoint::network).containsExactly("x", "y");
    assertThat(means.get(0).accuracy()).isCloseTo(0.82, within(1e-12));
    assertThat(means.get(0).halfWidth().orElseThrow()).isCloseTo(12.706 * 0.02, within(1e-5));
    assertThat(means.get(1)).isEqualTo(point("y", 0.05, 0.60, 0.002));

    double[] five = {0.5, 0.6, 0.7, 0.8, 0.9};
    var all = Arrays.stream(five).mapToObj(v -> point("z" + v, 0.05, v, 0)).toList();
    double half = CellPoint.means(all, name -> "z").get(0).halfWidth().orElseThrow();
    assertThat(half).isCloseTo(2.776 * Math.sqrt(0.025 / 5), within(1e-4));
  }
}
