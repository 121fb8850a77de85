package org.bitquake.jobs.singlefault;

import org.bitquake.data.Dataset;
import org.bitquake.fault.ImageSampler;

/** The images that every single fault of a campaign is tried on. */
final class ChosenImages {
  private ChosenImages() {}

  /** Positions in the data set: those of trial 0 of a campaign with this seed, {@code [n]}. */
  static int[] draw(long seed, Dataset data, int images) {
    return new ImageSampler(seed, data.size(), images).draw(0);
  }

  /** Pixels {@code [n, C, H, W]} and labels {@code [n]} of images, in the order given. */
  static byte[][] pixelsAndLabels(Dataset data, int[] images) {
    int size = data.shape().size();
    byte[] pixels = new byte[Math.multiplyExact(images.length, size)];
    byte[] labels = new byte[images.length];
    for (int i = 0; i < images.length; i++) {
      data.copyImage(images[i], pixels, i * size);
      labels[i] = (byte) data.label(images[i]);
    }
    return new byte[][] {pixels, labels};
  }
}
