package org.bitquake.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;

/** The 10,000 test pictures of the JPEG copy of CIFAR-10, in its fixed order. */
public final class CifarJpeg {
  /** Where the copy lies beside the project. */
  public static final Path ZIP = Path.of("../../shared/data/cifar-10/cifar-10-jpeg.zip");

  private static final String[] CLASSES = {
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"
  };
  private static final int PER_CLASS = 1000;
  private static final int PLANE = 32 * 32;

  /** Pixels {@code [n, 3, 32, 32]} and classes. */
  public record Pictures(byte[] pixels, byte[] labels) {}

  private CifarJpeg() {}

  /** The first so many pictures. */
  public static Pictures first(int count) throws IOException {
    List<int[]> order = new ArrayList<>();
    for (int label = 0; label < CLASSES.length; label++) {
      for (int i = 0; i < PER_CLASS; i++) {
        order.add(new int[] {label, i});
      }
    }
    Collections.shuffle(order, new Random(2));
    byte[] pixels = new byte[count * 3 * PLANE];
    byte[] labels = new byte[count];
    try (var zip = new ZipFile(ZIP.toFile())) {
      for (int p = 0; p < count; p++) {
        int[] item = order.get(p);
        labels[p] = (byte) item[0];
        String name = String.format(Locale.ROOT, "test/%s/%04d.jpg", CLASSES[item[0]], item[1]);
        BufferedImage image = ImageIO.read(zip.getInputStream(zip.getEntry(name)));
        for (int k = 0; k < PLANE; k++) {
          int rgb = image.getRGB(k % 32, k / 32);
          pixels[p * 3 * PLANE + k] = (byte) (rgb >> 16);
          pixels[(p * 3 + 1) * PLANE + k] = (byte) (rgb >> 8);
          pixels[(p * 3 + 2) * PLANE + k] = (byte) rgb;
        }
      }
    }
    return new Pictures(pixels, labels);
  }
}
