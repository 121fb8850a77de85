package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitquake.jobs.figure.BarPanel.Bar;
import org.jsoup.Jsoup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarPanelChartTest {
  private static final List<String> NAMES =
      List.of("resnet18w64-as", "resnet18w64-as-saq", "resnet18w64-saq", "resnet18w64-standard");

  /** Names are whole, and values end within the panel. */
  @ParameterizedTest
  @CsvSource({"181.51, 181.06", "88.24, 87.19", "0.5, 0.01", "123456.78, 99999.99", "0, 0"})
  void namesAndValuesHaveRoom(double largest, double other) {
    List<Bar> bars = new ArrayList<>();
    for (String name : NAMES) {
      bars.add(new Bar(name, name, bars.size(), bars.isEmpty() ? largest : other, name));
    }
    var panel = new BarPanel("Latency", "thousand cycles an image", false, bars);
    var svg = Jsoup.parse(Panel.of("latency", panel).markup("u"));

    assertThat(svg.select("text").eachText())
        .containsAll(NAMES)
        .contains(text(largest), text(other));
    for (var words : svg.select("text")) {
      double width = Look.width(words.text(), Look.TICK);
      double end = Double.parseDouble(words.attr("x")) + width;
      assertThat(end).as(words.text()).isLessThanOrEqualTo(new BarPanelChart(panel).size().width());
    }
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
