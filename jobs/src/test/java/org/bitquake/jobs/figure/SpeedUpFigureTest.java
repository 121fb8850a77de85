package org.bitquake.jobs.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SpeedUpFigureTest {
  private static List<SpeedUp> bars(int layers) {
    List<SpeedUp> bars = new ArrayList<>();
    for (String network : List.of("standard", "as")) {
      for (int layer = 0; layer < layers; layer++) {
        bars.add(new SpeedUp(network, "layer" + layer, 1 + layer * 0.1 + network.length() * 0.1));
      }
    }
    return bars;
  }

  @Test
  void namesEveryNetworkAndLayer() throws IOException {
    String svg =
        new String(SpeedUpFigure.files(bars(12)).get(SpeedUpFigure.SVG), StandardCharsets.UTF_8);
    assertThat(svg).contains("standard", "as", "layer0", "layer11", "Speed-up over DaDianNao");
  }

  @Test
  void isTheSameWhateverTheOrderOfNetworks() throws IOException {
    var bars = bars(3);
    List<SpeedUp> other = new ArrayList<>(bars.subList(3, 6));
    other.addAll(bars.subList(0, 3));
    assertThat(SpeedUpFigure.files(other).get(SpeedUpFigure.SVG))
        .isEqualTo(SpeedUpFigure.files(bars).get(SpeedUpFigure.SVG));
  }

  @Test
  void theRasterIsTwiceAsLarge() throws IOException {
    var image =
        ImageIO.read(
            new ByteArrayInputStream(SpeedUpFigure.files(bars(21)).get(SpeedUpFigure.PNG)));
    var size = SpeedUpChart.size(bars(21));
    assertThat(image.getWidth()).isEqualTo(2 * size.width());
    assertThat(image.getHeight()).isEqualTo(2 * size.height());
  }

  @Test
  void refusesWhatIsNoSpeedUp() {
    assertThatThrownBy(() -> new SpeedUp("a", "b", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SpeedUpFigure.files(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
