package org.bitquake.jobs.figure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.font.FontRenderContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class AccuracyFigureTest {
  private static final double[] RATES = {0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05};
  private static final List<String> KINDS = List.of("bit-flip", "stuck-at-0", "stuck-at-1");

  @TempDir Path directory;

  /** Accuracy falls from its clean value towards chance along a logistic curve in the rate. */
  static List<CellPoint> curves(String... networks) {
    var points = new ArrayList<CellPoint>();
    for (int n = 0; n < networks.length; n++) {
      for (int k = 0; k < KINDS.size(); k++) {
        for (double rate : RATES) {
          double middle = (k == 0 ? 0.045 : 0.09) * (1 + 0.15 * n);
          double kept = (1 + Math.exp(-4)) / (1 + Math.exp(4 * (rate / middle - 1)));
          double accuracy = 0.1 + (0.8 - 0.012 * n) * kept;
          points.add(
              new CellPoint(
                  networks[n],
                  KINDS.get(k),
                  rate,
                  accuracy,
                  OptionalDouble.of(rate == 0 ? 0 : 0.004 + 0.2 * rate)));
        }
      }
    }
    return points;
  }

  @Test
  void writesAnSvgThatNamesEveryNetworkAndKindAndAPngOfTwiceTheSize() throws Exception {
    FigureFiles.write(files(curves("standard", "AS", "standard + SAQ", "AS + SAQ")), directory);

    var svg = parse(Files.readAllBytes(directory.resolve("accuracy.svg")));
    assertThat(texts(svg))
        .contains("standard", "AS", "standard + SAQ", "AS + SAQ")
        .contains("Bit flip", "Stuck-at-0", "Stuck-at-1", "Accuracy (%)");
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    var png = ImageIO.read(directory.resolve("accuracy.png").toFile());
    assertThat(png.getWidth()).isEqualTo((int) (2 * width));
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("accuracy.svg", "accuracy.png");
    }
  }

  @Test
  void listsEveryNetworkOnceAlthoughThereAreThreePanels() throws Exception {
    var svg = parse(files(curves("a", "b")).get(AccuracyFigure.SVG));
    assertThat(texts(svg)).containsOnlyOnce("a", "b", "Accuracy (%)");
  }

  @Test
  void pointsStandOnTheGridLinesOfTheirAccuraciesInEveryPanel() throws Exception {
    var points = new ArrayList<CellPoint>();
    for (String kind : KINDS) {
      for (int i = 0; i <= 4; i++) {
        points.add(new CellPoint("net", kind, i / 100.0, 0.9 - i / 10.0, OptionalDouble.empty()));
      }
    }
    var svg = parse(files(points).get(AccuracyFigure.SVG));

    var grid =
        elements(svg, "line")
            .filter(line -> inherited(line, "stroke").equals("rgb(221,221,221)"))
            .filter(line -> line.getAttribute("y1").equals(line.getAttribute("y2")))
            .map(line -> Double.valueOf(line.getAttribute("y1")))
            .distinct()
            .sorted()
            .toList();
    assertThat(grid).as("50 % to 90 %").hasSize(5);
    var markers =
        elements(svg, "path")
            .filter(path -> inherited(path, "fill").equals("rgb(0,114,178)"))
            .filter(path -> inherited(path, "stroke").equals("none"))
            .filter(path -> path.getAttribute("d").contains("C")) // discs, no bands
            .filter(path -> !inherited(path, "clip-path").equals("url(#clipPath1)")) // no legend
            .map(path -> centre(path.getAttribute("d")))
            .toList();
    assertThat(markers).hasSize(15);
    for (int m = 0; m < 15; m++) {
      assertThat(markers.get(m)[1]).isCloseTo(grid.get(m % 5), within(0.6));
      double gap = markers.get(m - m % 5 + 1)[0] - markers.get(m - m % 5)[0];
      assertThat(gap).isPositive();
      assertThat(markers.get(m)[0])
          .isCloseTo(markers.get(m - m % 5)[0] + m % 5 * gap, within(0.01));
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 6, 1", "7, 4, 2", "8, 4, 2", "9, 3, 3", "20, 4, 5"})
  void manyKindsStandInRows(int kinds, int columns, int rows) throws Exception {
    var points = new ArrayList<CellPoint>();
    for (int k = 0; k < kinds; k++) {
      points.add(new CellPoint("net", Text.of("kind-%02d", k), 0.01, 0.9, OptionalDouble.empty()));
    }

    var svg = parse(files(points).get(AccuracyFigure.SVG));

    assertThat(texts(svg)).containsOnlyOnce("net");
    assertThat(texts(svg).stream().filter("Accuracy (%)"::equals)).hasSize(rows);
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    assertThat(width).isEqualTo(80 + 270 * columns);
    double height = Double.parseDouble(svg.getDocumentElement().getAttribute("height"));
    assertThat(height).isEqualTo(310 * rows + 18);
    for (int k = 0; k < kinds; k++) {
      double[] title = place(svg, Text.of("Kind-%02d", k));
      int row = k / columns;
      assertThat(title[0]).isBetween(270.0 * (k % columns), 80 + 270.0 * (k % columns + 1));
      assertThat(title[1]).isBetween(310.0 * row, 310.0 * row + 60);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', Bit flip, Stuck-at-0, Upsets",
    "upsets bit-flip, Upsets, Bit flip, Stuck-at-0",
    "stuck-at-0 upsets bit-flip row, Stuck-at-0, Upsets, Bit flip"
  })
  void panelsHaveTheOrderOfTheModels(String models, String first, String second, String third)
      throws Exception {
    var points =
        Stream.of("upsets", "bit-flip", "stuck-at-0")
            .map(kind -> new CellPoint("net", kind, 0.01, 0.9, OptionalDouble.empty()))
            .toList();
    var order = models.isEmpty() ? List.<String>of() : List.of(models.split(" "));

    var svg = parse(AccuracyFigure.files(points, order).get(AccuracyFigure.SVG));

    assertThat(Stream.of(first, second, third).map(title -> place(svg, title)[0]))
        .isSortedAccordingTo(Comparator.naturalOrder())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "bit-flip, Bit flip",
    "bit-flip in gray + secded-32, Bit flip in gray + secded-32",
    "bit-flips, Bit-flips",
    "stuck-at-0, Stuck-at-0",
    "upsets, Upsets",
    "'', ''"
  })
  void kindsHaveTitles(String kind, String title) {
    assertThat(FaultPanels.title(kind)).isEqualTo(title);
  }

  @Test
  void longTitlesDoNotReachIntoTheNextPanel() throws Exception {
    String kind = "stuck-at-1 in twos-complement + remap by column and two bits hardened";
    var point = new CellPoint("net", kind, 0.01, 0.9, OptionalDouble.empty());

    var svg = parse(files(List.of(point)).get(AccuracyFigure.SVG));

    var title = text(svg, kind.replace("stuck", "Stuck"));
    var font =
        Look.TITLE.deriveFont(Float.parseFloat(inherited(title, "font-size").replace("px", "")));
    double width =
        font.getStringBounds(title.getTextContent(), new FontRenderContext(null, true, true))
            .getWidth();
    assertThat(width).isBetween(240.0, 257.0);
  }

  private static Map<String, byte[]> files(List<CellPoint> points) throws IOException {
    return AccuracyFigure.files(points, List.of());
  }

  private static Element text(Document svg, String content) {
    return elements(svg, "text")
        .filter(t -> t.getTextContent().equals(content))
        .findFirst()
        .orElseThrow();
  }

  /** Where a text begins, all transforms around it applied; they are shifts alone. */
  private static double[] place(Document svg, String text) {
    Element found = text(svg, text);
    double[] place = {number(found, "x"), number(found, "y")};
    for (Element at = found;
        at != null;
        at = at.getParentNode() instanceof Element up ? up : null) {
      var shift =
          Pattern.compile("translate\\(([-.\\d]+),([-.\\d]+)\\)")
              .matcher(at.getAttribute("transform"));
      if (shift.find()) {
        place[0] += Double.parseDouble(shift.group(1));
        place[1] += Double.parseDouble(shift.group(2));
      }
    }
    return place;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Stream<Element> elements(Document svg, String name) {
    var list = svg.getElementsByTagName(name);
    return IntStream.range(0, list.getLength()).mapToObj(i -> (Element) list.item(i));
  }

  /** The attribute of the element, or of the nearest one around it that has it. */
  private static String inherited(Element element, String attribute) {
    String value = element.getAttribute(attribute);
    return value.isEmpty() && element.getParentNode() instanceof Element around
        ? inherited(around, attribute)
        : value;
  }

  /** Middle of the box around the coordinates of an SVG path. */
  private static double[] centre(String path) {
    double[] xy =
        Pattern.compile("-?\\d+(\\.\\d+)?")
            .matcher(path)
            .results()
            .mapToDouble(r -> Double.parseDouble(r.group()))
            .toArray();
    double[] low = {xy[0], xy[1]};
    double[] high = {xy[0], xy[1]};
    for (int i = 0; i < xy.length; i++) {
      low[i % 2] = Math.min(low[i % 2], xy[i]);
      high[i % 2] = Math.max(high[i % 2], xy[i]);
    }
    return new double[] {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
  }

  @Test
  void theSamePointsGiveTheSameBytes() throws IOException {
    var points = curves("a", "b");
    var again = files(points);
    assertThat(files(points))
        .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(again.get(name)));
  }

  @Test
  void namesAreTextNotMarkup() throws Exception {
    String nasty = "</text><script>alert(\"1\")</script> & 'x'";
    byte[] svg = files(curves(nasty)).get(AccuracyFigure.SVG);
    assertThat(new String(svg, UTF_8)).doesNotContain("<script");
    assertThat(texts(parse(svg))).anyMatch(text -> text.startsWith("</text><script>"));
  }

  @Test
  void drawsOnePointOfOneKind() throws Exception {
    var point = new CellPoint("only", "bit-flip", 0, 0.9, OptionalDouble.empty());
    var svg = parse(files(List.of(point)).get(AccuracyFigure.SVG));
    assertThat(texts(svg)).contains("only", "Bit flip").doesNotContain("Stuck-at-0");
  }

  @Test
  void needsAPoint() {
    assertThatThrownBy(() -> files(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private static Document parse(byte[] svg) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
  }

  private static List<String> texts(Document svg) {
    var nodes = svg.getElementsByTagName("text");
    var texts = new ArrayList<String>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }
}
