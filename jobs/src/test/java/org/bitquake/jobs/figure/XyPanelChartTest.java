package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bitquake.jobs.figure.XyPanel.Axis;
import org.bitquake.jobs.figure.XyPanel.Form;
import org.bitquake.jobs.figure.XyPanel.Point;
import org.bitquake.jobs.figure.XyPanel.Series;
import org.jsoup.Jsoup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XyPanelChartTest {
  /** As the convergence of intervals after one wave: powers of two around a value are ticks. */
  @ParameterizedTest
  @CsvSource({
    "20, 3, '16 32', '2 4'",
    "64, 0.5, '32 64 128', '0.25 0.5 1'",
    "1000, 0.3, '512 1024 2048', '0.125 0.25 0.5'"
  })
  void aSinglePointHasTicksOnLogarithmicAxes(double trials, double half, String x, String y) {
    var panel =
        new XyPanel(
            "Half-width against trials",
            new Axis("Trials", trials / 1.2, trials * 1.2, true),
            new Axis("Half-width", half / 1.3, half * 1.3, true),
            List.of(
                new Series("a", 0, Form.BAND, List.of(new Point(trials, half, half, half, null)))),
            false);
    var svg = Jsoup.parse(Panel.of("one", panel).markup("u"));
    assertThat(svg.select("text").eachText()).contains(x.split(" ")).contains(y.split(" "));
  }
}
