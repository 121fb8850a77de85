package org.bitquake.engine.incremental;

import org.bitquake.network.MaxPool;

/** The maximum over windows: those that a changed code is in are looked at again. */
final class PoolPropagation implements Propagation {
  private final MaxPool pool;
  private final int in;
  private final int out;
  private final int channels;
  private final int inWidth;
  private final int outHeight;
  private final int outWidth;
  private final Touched touched;

  PoolPropagation(MaxPool pool, int position) {
    this.pool = pool;
    this.in = pool.input() + 1;
    this.out = position + 1;
    this.channels = pool.inputShape().channels();
    this.inWidth = pool.inputShape().width();
    this.outHeight = pool.outputShape().height();
    this.outWidth = pool.outputShape().width();
    this.touched = new Touched(pool.outputShape().size());
  }

  @Override
  public void forward(ImageTrace image) {
    int[] codes = image.codes[out];
    for (int place = 0; place < codes.length; place++) {
      codes[place] = maximum(image.codes[in], place);
    }
  }

  @Override
  public boolean update(ImageTrace image, Changes changes) {
    for (int i = 0; i < changes.count(in); i++) {
      touch(changes.place(in, i));
    }
    for (int t = 0; t < touched.size(); t++) {
      int place = touched.get(t);
      changes.set(image, out, place, maximum(image.codes[in], place));
    }
    changes.budget -= (long) touched.size() * pool.size() * pool.size();
    touched.clear();
    return changes.budget >= 0;
  }

  private void touch(int place) {
    int channel = place % channels;
    int y = place / channels / inWidth;
    int x = place / channels % inWidth;
    for (int oy = first(y); oy < outHeight && oy * pool.stride() <= y; oy++) {
      for (int ox = first(x); ox < outWidth && ox * pool.stride() <= x; ox++) {
        touched.add((oy * outWidth + ox) * channels + channel);
      }
    }
  }

  /** The first window that reaches as far as a coordinate. */
  private int first(int coordinate) {
    return Math.max(0, (coordinate - pool.size() + pool.stride()) / pool.stride());
  }

  private int maximum(int[] codes, int place) {
    int channel = place % channels;
    int y = place / channels / outWidth * pool.stride();
    int x = place / channels % outWidth * pool.stride();
    int most = 0; // codes are unsigned
    for (int ky = y; ky < y + pool.size(); ky++) {
      for (int kx = x; kx < x + pool.size(); kx++) {
        most = Math.max(most, codes[(ky * inWidth + kx) * channels + channel]);
      }
    }
    return most;
  }
}
