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
import java.util.Map;
import java.util.function.Supplier;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGSyntax;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.bitquake.Text;
import org.bitquake.UnwritableException;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.w3c.dom.Document;

/**
 * Charts as files: SVG, and PNG twice as large. The same chart gives the same SVG, byte for byte,
 * where the fonts are the same.
 */
public final class FigureFiles {
  private static final int PNG_SCALE = 2;

  static {
    TextUtils.setUseDrawRotatedStringWorkaround(false); // rotated text stays text in the SVG
  }

  private FigureFiles() {}

  /**
   * A chart as files, name to bytes, for whatever file system they go to.
   *
   * @param stem the files are called {@code stem.svg} and {@code stem.png}
   * @param chart makes it anew: drawing leaves traces in a chart
   */
  static Map<String, byte[]> of(String stem, Supplier<JFreeChart> chart, ChartSize size)
      throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    files.put(stem + ".svg", svg(chart.get(), size));
    files.put(stem + ".png", png(chart.get(), size));
    return files;
  }

  /** Writes files into a local directory, made if missing. Each appears whole or not at all. */
  public static void write(Map<String, byte[]> files, Path directory) throws IOException {
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
   * Writes files into a directory of any Hadoop file system, made if missing. Each appears whole or
   * not at all.
   *
   * @throws UnwritableException if the file system refuses
   */
  public static void write(
      Map<String, byte[]> files, org.apache.hadoop.fs.Path directory, Configuration hadoop) {
    try {
      write(files, directory, directory.getFileSystem(hadoop));
    } catch (IOException | FSError e) { // Hadoop makes an error of what a local disk refuses
      throw UnwritableException.of(directory, e);
    }
  }

  private static void write(
      Map<String, byte[]> files, org.apache.hadoop.fs.Path directory, FileSystem fileSystem)
      throws IOException {
    if (fileSystem instanceof LocalFileSystem local) {
      write(files, local.pathToFile(directory).toPath()); // without a .crc beside each
      return;
    }
    for (var file : files.entrySet()) {
      var part = new org.apache.hadoop.fs.Path(directory, "." + file.getKey() + ".part");
      var target = new org.apache.hadoop.fs.Path(directory, file.getKey());
      try (var out = fileSystem.create(part, true)) {
        out.write(file.getValue());
      }
      fileSystem.delete(target, false); // Hadoop does not rename onto a file
      if (!fileSystem.rename(part, target)) {
        throw new IOException(Text.of("cannot rename %s to %s", part, target));
      }
    }
  }

  private static byte[] svg(JFreeChart chart, ChartSize size) throws IOException {
    var graphics = draw(chart, size, null);
    var bytes = new ByteArrayOutputStream();
    graphics.stream(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), false);
    return bytes.toByteArray();
  }

  /**
   * Draws a chart.
   *
   * @param info learns where things are; or null
   */
  static SVGGraphics2D draw(JFreeChart chart, ChartSize size, ChartRenderingInfo info) {
    var graphics = canvas(size);
    chart.draw(graphics, size.rectangle(), info);
    return graphics;
  }

  /** What draws SVG. */
  static SVGGraphics2D canvas(ChartSize size) {
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
    return graphics;
  }

  private static byte[] png(JFreeChart chart, ChartSize size) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ChartUtils.writeScaledChartAsPNG(
        bytes, chart, size.width(), size.height(), PNG_SCALE, PNG_SCALE);
    return bytes.toByteArray();
  }
}
