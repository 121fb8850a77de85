package org.bitquake.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoltageCurveTest {
  private static final String TEXT =
      """
      # an example
      voltage, failure_probability, energy
      1.0, 0, 1.0

      0.9, 1e-5, 0.8
      0.8, .001, 0.6
      0.7, 0.1, 0.5
      """;

  private static VoltageCurve parse(String text) {
    return VoltageCurve.parse(text, "c.csv");
  }

  @Test
  void pointsAreAsWritten() {
    var curve = parse(TEXT);
    assertThat(curve.points()).hasSize(4);
    assertThat(curve.at(0.8)).isEqualTo(new OperatingPoint(0.8, 0.001, OptionalDouble.of(0.6)));
    assertThat(curve.at(1)).isEqualTo(new OperatingPoint(1, 0, OptionalDouble.of(1)));
  }

  /** The geometric mean is the middle of the logarithms. */
  @Test
  void logarithmsAreInterpolatedLinearly() {
    var middle = parse(TEXT).at(0.75);
    assertThat(middle.rate()).isCloseTo(0.01, within(1e-15));
    assertThat(middle.energy().orElseThrow()).isCloseTo(0.55, within(1e-15));
    double fifth = Math.exp(0.8 * Math.log(0.001) + 0.2 * Math.log(1e-5));
    assertThat(parse(TEXT).at(0.82).rate()).isCloseTo(fifth, within(1e-15));
  }

  @Test
  void rowsMayRiseAndHoldLogarithms() {
    var curve = parse("voltage,log10_failure_probability\r\n0.5,-2\r\n0.6,-4\r\n");
    assertThat(curve.at(0.5).rate()).isCloseTo(0.01, within(1e-17));
    assertThat(curve.at(0.55).rate()).isCloseTo(0.001, within(1e-17));
    assertThat(curve.at(0.55).energy()).isEmpty();
  }

  @Test
  void whatTheCurveDoesNotTellIsNotMadeUp() {
    assertThatThrownBy(() -> parse(TEXT).at(0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "between 0.9 and 1.0 the curve says only that fewer cells fail than at 0.9; give a voltage up to 0.9, or one where it says 0");
    for (double outside : new double[] {0.699, 1.001}) {
      assertThatThrownBy(() -> parse(TEXT).at(outside))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("goes from 0.7 to 1.0 and does not reach " + outside);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.8, .001 | 0.8, 1e-6 | c.csv:6: not monotone: cells fail with 1.0E-6 at 0.8, but with 1.0E-5 at 0.9
          0.8, .001 | 0.8, 1e-5 | c.csv:6: not monotone
          0.8, .001 | 0.9, .001 | c.csv:6: voltages neither rise nor fall from line to line
          0.8, .001 | 0.95, .001 | c.csv:6: voltages neither rise nor fall from line to line
          0.8, .001 | 0.8, 0 | c.csv:6: not monotone
          0.8, .001 | 0.8, 1.5 | c.csv:6: a failure probability of 1.5 is outside 0…1
          0.8, .001 | 0.8, NaN | c.csv:6: failure_probability is "NaN", not a number
          0.8, .001 | 0.8 | c.csv:6: 2 values, not 3
          0.8, .001 | -0.8, .001 | c.csv:6: a voltage of -0.8; give one above 0
          .001, 0.6 | .001, -0.6 | c.csv:6: an energy of -0.6; give one from 0
          voltage, fail | volt, fail | c.csv:2: the columns are volt,failure_probability,energy; write voltage, then
          """)
  void mistakesAreOneLine(String from, String to, String message) {
    String text = TEXT.replace(from, to);
    assertThat(text).isNotEqualTo(TEXT);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void onePointIsNoCurve() {
    assertThatThrownBy(() -> parse("voltage,failure_probability\n1,0.1"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("c.csv:2: a curve has two points at least");
  }

  /** The one that travels with bitquake, against the figure's numbers. */
  @Test
  void theCurveOf14NanometresIsThatOfTheFigure() throws IOException {
    var text = Files.readString(Path.of("..", "conf", "sram-14nm.csv"));
    var curve = VoltageCurve.parse(text, "sram-14nm.csv");
    double[] voltages = {0.75, 0.792, 0.833, 0.875, 0.917, 0.958, 1};
    double[] percent = {20.56, 5.573, 1.115, 0.129, 0.00687, 0.000191, 0};
    for (int i = 0; i < voltages.length; i++) {
      assertThat(100 * curve.at(voltages[i]).rate()).isCloseTo(percent[i], within(1e-12));
    }
  }
}
