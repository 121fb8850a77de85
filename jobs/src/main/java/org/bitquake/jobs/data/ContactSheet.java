package org.bitquake.jobs.data;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Picture;
import org.bitquake.data.picture.Size;

/**
 * A picture of a data set: a row for each class, with its name, how many images it has, and some of
 * them, spread evenly over the class.
 */
public final class ContactSheet {
  /** Classes on a sheet at most. */
  public static final int MOST_CLASSES = 100;

  private static final int PER_CLASS = 12;
  private static final int SMALLEST = 48;
  private static final int LARGEST = 128;
  private static final int GAP = 4;
  private static final int MARGIN = 12;
  private static final int NAMES = 190;
  private static final int HEAD = 34;
  private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Color GREY = new Color(0x666666);

  private final Dataset data;
  private final int height;
  private final int width;

  /**
   * @throws InputException if the images are no pictures
   */
  public ContactSheet(Dataset data) {
    Shape shape = data.shape();
    if ((shape.channels() != 1 && shape.channels() != 3) || shape.height() * shape.width() == 1) {
      throw new InputException(
          Text.of("%s: no pictures to show, but values of %s", data.name(), shape));
    }
    this.data = data;
    int longer = Math.max(shape.height(), shape.width());
    int times = Math.max(1, (SMALLEST + longer - 1) / longer);
    double shrunk = Math.min(1, (double) LARGEST / longer);
    height = Math.max(1, (int) (shape.height() * times * shrunk));
    width = Math.max(1, (int) (shape.width() * times * shrunk));
  }

  /** The sheet as a PNG file. */
  public byte[] png() throws IOException {
    int[] perClass = DataSummary.perClass(data);
    int rows = Math.min(perClass.length, MOST_CLASSES);
    var sheet =
        new BufferedImage(
            2 * MARGIN + NAMES + PER_CLASS * (width + GAP),
            2 * MARGIN + HEAD + rows * (height + GAP),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    try {
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      head(g, sheet.getWidth() - 2 * MARGIN, rows);
      for (int row = 0; row < rows; row++) {
        row(g, row, perClass[row], MARGIN + HEAD + row * (height + GAP));
      }
    } finally {
      g.dispose();
    }
    var out = new ByteArrayOutputStream();
    ImageIO.write(sheet, "png", out);
    return out.toByteArray();
  }

  private void head(Graphics2D g, int room, int rows) {
    g.setColor(Color.BLACK);
    g.setFont(BOLD);
    String more =
        rows < data.classes() ? Text.of(", the first %d of %d classes", rows, data.classes()) : "";
    String title = Text.of("%s: %,d images of %s%s", data.name(), data.size(), data.shape(), more);
    g.drawString(fitted(title, g.getFontMetrics(), room), MARGIN, MARGIN + 16);
  }

  private void row(Graphics2D g, int label, int count, int top) {
    int middle = top + height / 2;
    String name = data.classNames().isEmpty() ? "" : data.classNames().get(label);
    g.setColor(Color.BLACK);
    g.setFont(BOLD);
    String head = name.isEmpty() ? "class " + label : name;
    g.drawString(fitted(head, g.getFontMetrics(), NAMES - 8), MARGIN, middle - 2);
    g.setColor(GREY);
    g.setFont(PLAIN);
    String what = name.isEmpty() ? "" : "class " + label + ", ";
    g.drawString(Text.of("%s%,d images", what, count), MARGIN, middle + 15);
    int shown = Math.min(count, PER_CLASS);
    int next = 0;
    for (int image = 0, seen = 0; next < shown; image++) {
      if (data.label(image) == label) {
        if (seen == (int) ((long) next * count / shown)) {
          g.drawImage(picture(image), MARGIN + NAMES + next * (width + GAP), top, null);
          next++;
        }
        seen++;
      }
    }
  }

  /** Text that ends in an ellipsis where it is too long. */
  private static String fitted(String text, FontMetrics metrics, int room) {
    String shown = text.replaceAll("\\p{Cntrl}", "?");
    if (metrics.stringWidth(shown) <= room) {
      return shown;
    }
    int end = shown.length();
    while (end > 0 && metrics.stringWidth(shown.substring(0, end) + "…") > room) {
      end = shown.offsetByCodePoints(end, -1);
    }
    return shown.substring(0, end) + "…";
  }

  private BufferedImage picture(int image) {
    byte[] pixels = new byte[data.shape().size()];
    data.copyImage(image, pixels, 0);
    Picture picture = scaled(new Picture(data.shape(), pixels)).inColour();
    byte[] rgb = picture.pixels();
    int plane = height * width;
    var shown = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int colour =
          ((rgb[i] & 0xff) << 16) | ((rgb[plane + i] & 0xff) << 8) | (rgb[2 * plane + i] & 0xff);
      shown.setRGB(i % width, i / width, colour);
    }
    return shown;
  }

  /** Small pictures with each pixel as a square, large ones resized. */
  private Picture scaled(Picture picture) {
    Shape shape = picture.shape();
    if (height <= shape.height()) {
      var size = new Size(height, OptionalInt.of(width));
      return new Fitting(Optional.empty(), Optional.of(size), Optional.empty()).apply(picture);
    }
    int times = height / shape.height();
    var larger = new Shape(shape.channels(), height, width);
    byte[] pixels = new byte[larger.size()];
    for (int i = 0; i < pixels.length; i++) {
      int c = i / (height * width);
      int y = i / width % height / times;
      int x = i % width / times;
      pixels[i] = picture.pixels()[(c * shape.height() + y) * shape.width() + x];
    }
    return new Picture(larger, pixels);
  }
}
