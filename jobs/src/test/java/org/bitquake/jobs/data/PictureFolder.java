package org.bitquake.jobs.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.bitquake.Text;
import org.bitquake.data.Dataset;

/** Writes grey images as PNG files. */
public final class PictureFolder {
  private PictureFolder() {}

  /** Into one folder, with labels.csv, in the order of the data set. */
  public static void flat(Dataset data, Path folder) {
    var csv = new StringBuilder("file,label\n");
    for (int i = 0; i < data.size(); i++) {
      String name = Text.of("%05d.png", i);
      csv.append(Text.of("%s,%d%n", name, data.label(i)));
      write(data, i, folder.resolve(name));
    }
    try {
      Files.writeString(folder.resolve("labels.csv"), csv, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Into a sub-folder for each class, {@code class-0} and so on. */
  public static void classes(Dataset data, Path folder) {
    for (int i = 0; i < data.size(); i++) {
      write(data, i, folder.resolve(Text.of("class-%d/%05d.png", data.label(i), i)));
    }
  }

  private static void write(Dataset data, int image, Path file) {
    var shape = data.shape();
    byte[] pixels = new byte[shape.size()];
    data.copyImage(image, pixels, 0);
    var picture = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, shape.width(), shape.height(), pixels);
    try {
      Files.createDirectories(file.getParent());
      ImageIO.write(picture, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
