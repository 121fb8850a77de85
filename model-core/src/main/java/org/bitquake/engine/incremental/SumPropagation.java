package org.bitquake.engine.incremental;

import java.util.Arrays;
import org.bitquake.network.GlobalSum;

/** The sum of each channel. */
final class SumPropagation implements Propagation {
  private final int in;
  private final int out;
  private final int channels;
  private final int[] delta;
  private final Touched touched;

  SumPropagation(GlobalSum sum, int position) {
    this.in = sum.input() + 1;
    this.out = position + 1;
    this.channels = sum.inputShape().channels();
    this.delta = new int[channels];
    this.touched = new Touched(channels);
  }

  @Override
  public void forward(ImageTrace image) {
    int[] sums = image.codes[out];
    int[] codes = image.codes[in];
    Arrays.fill(sums, 0);
    for (int place = 0; place < codes.length; place++) {
      sums[place % channels] += codes[place];
    }
  }

  @Override
  public boolean update(ImageTrace image, Changes changes) {
    for (int i = 0; i < changes.count(in); i++) {
      int channel = changes.place(in, i) % channels;
      touched.add(channel);
      delta[channel] += changes.difference(image, in, i);
    }
    for (int t = 0; t < touched.size(); t++) {
      int channel = touched.get(t);
      changes.set(image, out, channel, image.codes[out][channel] + delta[channel]);
      delta[channel] = 0;
    }
    changes.budget -= changes.count(in);
    touched.clear();
    return changes.budget >= 0;
  }
}
