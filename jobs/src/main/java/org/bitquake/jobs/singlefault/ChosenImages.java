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
    Dataset chosen = data.chosen(images);
    return new byte[][] {chosen.pixels(), chosen.labels()};
  }
}
