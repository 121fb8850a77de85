package org.bitquake.jobs.figure;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * A figure of a page as files for papers: its panels side by side, the legend below.
 *
 * @param legend name and swatch of each series
 * @param panels at least one
 */
public record FigureSheet(List<Panel> legend, List<Panel> panels) {
  /** Pixels for a point: 300 dpi where three panels fill the 29 cm of a landscape page. */
  private static final int PNG_SCALE = 3;

  private static final int MOST_COLUMNS = 3;
  private static final int HEADING = 22;
  private static final int GAP = 12;
  private static final int LEGEND_ROW = 20;
  private static final int BETWEEN_ITEMS = 16;

  /** The figure, unless one of its panels cannot be drawn again. */
  public static Optional<FigureSheet> of(List<Panel> legend, List<Panel> panels) {
    return panels.isEmpty() || panels.stream().anyMatch(p -> p.drawing().isEmpty())
        ? Optional.empty()
        : Optional.of(new FigureSheet(legend, panels));
  }

  /** {@code stem.svg} and {@code stem.png}, name to bytes. */
  public Map<String, byte[]> files(String stem) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(stem + ".svg", svg());
    files.put(stem + ".png", png());
    return files;
  }

  private byte[] svg() throws IOException {
    var graphics = FigureFiles.canvas(size());
    draw(graphics);
    graphics.setSVGCanvasSize(new java.awt.Dimension(size().width(), size().height()));
    var bytes = new ByteArrayOutputStream();
    graphics.stream(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), false);
    return bytes.toByteArray();
  }

  private byte[] png() throws IOException {
    var size = size();
    var image =
        new BufferedImage(
            PNG_SCALE * size.width(), PNG_SCALE * size.height(), BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.scale(PNG_SCALE, PNG_SCALE);
    draw(graphics);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(byBytes(image), "png", bytes);
    return bytes.toByteArray();
  }

  /** The same picture, kept as PNG keeps it: its writer takes a quarter less time to read that. */
  private static BufferedImage byBytes(BufferedImage image) {
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    byte[] bytes = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      bytes[3 * i] = (byte) (pixels[i] >> 16);
      bytes[3 * i + 1] = (byte) (pixels[i] >> 8);
      bytes[3 * i + 2] = (byte) pixels[i];
    }
    int width = image.getWidth();
    var raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(bytes, bytes.length),
            width,
            image.getHeight(),
            3 * width,
            3,
            new int[] {0, 1, 2},
            null);
    var colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(colours, raster, false, null);
  }

  private int columns() {
    return Math.min(MOST_COLUMNS, panels.size());
  }

  private static ChartSize size(Panel panel) {
    return panel.drawing().orElseThrow().size();
  }

  private int columnWidth() {
    return panels.stream().mapToInt(p -> size(p).width()).max().orElseThrow();
  }

  private int rowHeight(int row) {
    int end = Math.min(panels.size(), (row + 1) * columns());
    return HEADING
        + panels.subList(row * columns(), end).stream()
            .mapToInt(p -> size(p).height())
            .max()
            .orElseThrow();
  }

  private int rows() {
    return (panels.size() + columns() - 1) / columns();
  }

  ChartSize size() {
    int height = GAP;
    for (int row = 0; row < rows(); row++) {
      height += rowHeight(row) + GAP;
    }
    int width = columns() * (columnWidth() + GAP) + GAP;
    return new ChartSize(width, height + LEGEND_ROW * legendRows(width));
  }

  private void draw(Graphics2D graphics) {
    var size = size();
    graphics.setPaint(Color.WHITE);
    graphics.fill(size.rectangle());
    int y = GAP;
    for (int i = 0; i < panels.size(); i++) {
      int x = GAP + i % columns() * (columnWidth() + GAP);
      text(graphics, Look.TITLE, panels.get(i).title(), x + 6, y + HEADING - 7);
      at(graphics, x, y + HEADING, panels.get(i).drawing().orElseThrow());
      if ((i + 1) % columns() == 0 || i + 1 == panels.size()) {
        y += rowHeight(i / columns()) + GAP;
      }
    }
    int x = 2 * GAP;
    for (Panel item : legend) {
      if (x > 2 * GAP && x + width(item) > size.width()) {
        x = 2 * GAP;
        y += LEGEND_ROW;
      }
      var swatch = item.drawing().orElseThrow();
      at(graphics, x, y, swatch);
      text(
          graphics,
          Look.LABEL,
          Look.shortened(item.title()),
          x + swatch.size().width() + 6,
          y + 11);
      x += width(item);
    }
  }

  private int legendRows(int width) {
    int rows = legend.isEmpty() ? 0 : 1;
    int x = 2 * GAP;
    for (Panel item : legend) {
      if (x > 2 * GAP && x + width(item) > width) {
        x = 2 * GAP;
        rows++;
      }
      x += width(item);
    }
    return rows;
  }

  private static int width(Panel item) {
    var metrics = FigureFiles.canvas(new ChartSize(1, 1)).getFontMetrics(Look.LABEL);
    return size(item).width()
        + 6
        + metrics.stringWidth(Look.shortened(item.title()))
        + BETWEEN_ITEMS;
  }

  private static void text(Graphics2D graphics, Font font, String text, int x, int y) {
    graphics.setFont(font);
    graphics.setPaint(Look.INK);
    graphics.drawString(text, x, y);
  }

  private static void at(Graphics2D graphics, int x, int y, Drawing drawing) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    drawing.painter().accept(graphics);
    graphics.setTransform(before);
  }
}
