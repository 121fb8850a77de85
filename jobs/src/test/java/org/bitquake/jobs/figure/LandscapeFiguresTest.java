package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LandscapeFiguresTest {
  private static final List<LandscapePoint> POINTS = points();

  private static List<LandscapePoint> points() {
    List<LandscapePoint> points = new ArrayList<>();
    for (String network : List.of("sharp", "flat <&>")) {
      double steep = network.equals("sharp") ? 6 : 2;
      for (int i = -5; i <= 5; i++) {
        double a = i / 5.0;
        for (long d = 0; d < 3; d++) {
          double loss = 0.3 + (steep + d) * a * a;
          points.add(new LandscapePoint(network, "line", d, a, 0, loss, 0.9 - a * a / 2));
        }
        for (int j = -3; j <= 3; j++) {
          double b = j / 3.0;
          double loss = 0.3 + steep * (a * a + 2 * b * b);
          points.add(new LandscapePoint(network, "surface", 0, a, b, loss, 0.5));
        }
      }
    }
    return points;
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  @Test
  void curvesAndSurfacesOfAllNetworksAreDrawn() throws IOException {
    var files = LandscapeFigures.landscapes(POINTS);
    assertThat(files.keySet())
        .containsExactly(
            "loss-lines.svg", "loss-lines.png", "loss-surfaces.svg", "loss-surfaces.png");
    for (String name : List.of("loss-lines.svg", "loss-surfaces.svg")) {
      assertThat(text(files, name)).contains("<svg", "sharp", "flat &lt;&amp;&gt;");
    }
    assertThat(text(files, "loss-lines.svg")).contains("Loss (nats)", "Accuracy (%)");
    assertThat(text(files, "loss-surfaces.svg")).contains("&lt; 0.5", "≥ 15");
    var image = ImageIO.read(new ByteArrayInputStream(files.get("loss-surfaces.png")));
    assertThat(image.getWidth()).isGreaterThan(image.getHeight());
  }

  @Test
  void theOrderOfThePointsDoesNotMatter() throws IOException {
    var shuffled = new ArrayList<>(POINTS);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(text(LandscapeFigures.landscapes(shuffled), "loss-surfaces.svg"))
        .isEqualTo(text(LandscapeFigures.landscapes(POINTS), "loss-surfaces.svg"));
  }

  @Test
  void whatHasNoPointsIsNotDrawn() throws IOException {
    assertThat(LandscapeFigures.landscapes(List.of())).isEmpty();
    assertThat(LandscapeFigures.landscapes(LandscapePoint.ofKind(POINTS, "line")).keySet())
        .containsExactly("loss-lines.svg", "loss-lines.png");
  }

  @Test
  void theScatterHasAPanelForEachKind() throws IOException {
    var points =
        List.of(
            new FaultScatter("a", "bit-flip", 0.05, 0.1, 0.01, 0.3, 0.01),
            new FaultScatter("b", "bit-flip", 0.05, 0.2, 0.01, 0.4, 0.01),
            new FaultScatter("a", "stuck-at-0", 0.05, 0.1, 0.01, -0.01, 0.02));
    var svg = text(LandscapeFigures.faults(points, "Loss rise"), "sharpness-faults.svg");
    assertThat(svg).contains("Bit flip, 5 %", "Stuck-at-0, 5 %", "Loss rise", "Accuracy lost");
  }
}
