package org.bitquake.jobs.figure;

import java.awt.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGSyntax;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.w3c.dom.Document;

/**
 * Accuracy against fault rate: one panel per fault kind, one line per network, its confidence
 * interval shaded. The same points give the same SVG, byte for byte, where the fonts are the same.
 */
public final class AccuracyFigure {
  /** Name of the vector figure. */
  public static final String SVG = "accuracy.svg";

  /** Name of the raster figure, twice as large. */
  public static final String PNG = "accuracy.png";

  private static final int PNG_SCALE = 2;

  static {
    TextUtils.setUseDrawRotatedStringWorkaround(false); // rotated text stays text in the SVG
  }

  private AccuracyFigure() {}

  /**
   * The figure as files, name to bytes, for whatever file system they go to.
   *
   * @param points in any order; networks are listed by name, so that each keeps its looks
   * @throws IllegalArgumentException if there are no points
   */
  public static Map<String, byte[]> files(List<CellPoint> points) throws IOException {
    var size = AccuracyChart.size(points);
    var files = new LinkedHashMap<String, byte[]>();
    files.put(SVG, svg(AccuracyChart.of(points), size));
    files.put(PNG, png(AccuracyChart.of(points), size));
    return files;
  }

  /**
   * Writes {@link #SVG} and {@link #PNG} into a local directory, made if missing. Each appears
   * whole or not at all.
   */
  public static void write(List<CellPoint> points, Path directory) throws IOException {
    var files = files(points);
    Files.createDirectories(directory);
    for (var file : files.entrySet()) {
      Path part = Files.createTempFile(directory, "." + file.getKey(), ".part");
      try {
        Files.write(part, file.getValue());
        part.toFile().setReadable(true, false);
        Files.move(
            part,
            directory.resolve(file.getKey()),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  /**
   * Writes {@link #SVG} and {@link #PNG} into a directory of any Hadoop file system, made if
   * missing. Each appears whole or not at all.
   */
  public static void write(
      List<CellPoint> points, org.apache.hadoop.fs.Path directory, Configuration hadoop)
      throws IOException {
    var fileSystem = directory.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      write(points, local.pathToFile(directory).toPath()); // without a .crc beside each
      return;
    }
    for (var file : files(points).entrySet()) {
      var part = new org.apache.hadoop.fs.Path(directory, "." + file.getKey() + ".part");
      var target = new org.apache.hadoop.fs.Path(directory, file.getKey());
      try (var out = fileSystem.create(part, true)) {
        out.write(file.getValue());
      }
      fileSystem.delete(target, false); // Hadoop does not rename onto a file
      if (!fileSystem.rename(part, target)) {
        throw new IOException("cannot rename %s to %s".formatted(part, target));
      }
    }
  }

  private static byte[] svg(JFreeChart chart, AccuracyChart.Size size) throws IOException {
    Document document;
    try {
      var dom = DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation();
      document = dom.createDocument(SVGSyntax.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    var context = SVGGeneratorContext.createDefault(document);
    context.setPrecision(3);
    context.setComment("bitquake");
    var graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(size.width(), size.height()));
    chart.draw(graphics, size.rectangle());
    var bytes = new ByteArrayOutputStream();
    graphics.stream(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), false);
    return bytes.toByteArray();
  }

  private static byte[] png(JFreeChart chart, AccuracyChart.Size size) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ChartUtils.writeScaledChartAsPNG(
        bytes, chart, size.width(), size.height(), PNG_SCALE, PNG_SCALE);
    return bytes.toByteArray();
  }
}
