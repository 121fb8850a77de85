package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class ContoursTest {
  /** 41 columns from −2 to 2, 21 rows from −1 to 1: not square, so that axes cannot be mixed up. */
  private static Contours contours(DoubleBinaryOperator z) {
    double[] x = new double[41];
    double[] y = new double[21];
    double[][] values = new double[21][41];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 20) / 10.0;
    }
    for (int j = 0; j < y.length; j++) {
      y[j] = (j - 10) / 10.0;
      for (int i = 0; i < x.length; i++) {
        values[j][i] = z.applyAsDouble(x[i], y[j]);
      }
    }
    return new Contours(x, y, values);
  }

  /** By the shoelace formula, over all subpaths. */
  private static double area(Path2D path) {
    double[] p = new double[6];
    double area = 0;
    double startX = 0;
    double startY = 0;
    double lastX = 0;
    double lastY = 0;
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      int type = i.currentSegment(p);
      if (type == PathIterator.SEG_MOVETO) {
        startX = lastX = p[0];
        startY = lastY = p[1];
      } else {
        double toX = type == PathIterator.SEG_CLOSE ? startX : p[0];
        double toY = type == PathIterator.SEG_CLOSE ? startY : p[1];
        area += (lastX * toY - toX * lastY) / 2;
        lastX = toX;
        lastY = toY;
      }
    }
    return Math.abs(area);
  }

  private static double length(Path2D path) {
    double[] p = new double[6];
    double length = 0;
    double x = 0;
    double y = 0;
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      if (i.currentSegment(p) == PathIterator.SEG_LINETO) {
        length += Math.hypot(p[0] - x, p[1] - y);
      }
      x = p[0];
      y = p[1];
    }
    return length;
  }

  @Test
  void aPlaneIsCutExactly() {
    var plane = contours((x, y) -> x + 0.5 * y);
    // x ≥ 0.33 − y/2 over a rectangle of 4 × 2.
    assertThat(area(plane.area(0.33))).isCloseTo((2 - 0.33) * 2, within(1e-12));
    assertThat(length(plane.line(0.33))).isCloseTo(Math.hypot(2, 1), within(1e-12));
    var rows = contours((x, y) -> y);
    assertThat(area(rows.area(0.5))).isCloseTo(4 * 0.5, within(1e-12));
    assertThat(length(rows.line(0.55))).isCloseTo(4, within(1e-12));
  }

  @Test
  void anEllipseHasItsAreaAndItsHole() {
    var bowl = contours((x, y) -> x * x / 4 + y * y);
    double ellipse = Math.PI * 1.6 * 0.8; // x²/4 + y² = 0.64
    assertThat(8 - area(bowl.area(0.64))).isCloseTo(ellipse, within(0.01 * ellipse));
    assertThat(bowl.area(0.64).contains(0.3, 0.1)).isFalse();
    assertThat(bowl.area(0.64).contains(1.9, 0.1)).isTrue();
    assertThat(bowl.area(0.64).contains(0.1, 0.95)).isTrue();
  }

  @Test
  void levelsOutsideTheValuesGiveAllOrNothing() {
    var bowl = contours((x, y) -> x * x + y * y);
    assertThat(area(bowl.area(0))).isCloseTo(8, within(1e-12));
    assertThat(area(bowl.area(99))).isZero();
    assertThat(length(bowl.line(99))).isZero();
  }

  @Test
  void aGridOfAnotherShapeIsRefused() {
    assertThatThrownBy(() -> new Contours(new double[3], new double[2], new double[3][2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void levelsAreRoundAndCoverTheLosses() {
    var scale = LossScale.of(0.26, 6.3);
    assertThat(scale.levels()).containsExactly(0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0);
    assertThat(scale.label(0)).isEqualTo("< 0.3");
    assertThat(scale.label(4)).isEqualTo("1–1.5");
    assertThat(scale.label(8)).isEqualTo("≥ 5");
    assertThat(scale.colour(0)).isNotEqualTo(scale.colour(8));
    assertThat(LossScale.of(0.001, 900).levels()).hasSizeLessThan(20).isSorted();
    assertThat(LossScale.of(0.41, 0.42).levels()).hasSize(1);
  }
}
