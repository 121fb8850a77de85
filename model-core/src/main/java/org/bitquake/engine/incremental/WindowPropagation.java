package org.bitquake.engine.incremental;

import org.bitquake.data.Shape;
import org.bitquake.network.AveragePool;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Window;

/** What looks at windows of one channel: those that a changed code is in are looked at again. */
final class WindowPropagation implements Propagation {
  private final Value value;
  private final Window window;
  private final int in;
  private final int out;
  private final int channels;
  private final int inWidth;
  private final int outHeight;
  private final int outWidth;
  private final Touched touched;

  /** The code that comes of a window. */
  private interface Value {
    /**
     * @param codes {@code [H, W, C]}
     * @param y row of the window's first tap; may lie outside the map
     */
    int of(int[] codes, int y, int x, int channel);
  }

  static Propagation maximum(MaxPool pool, int position) {
    Window w = pool.window();
    Shape map = pool.inputShape();
    Value maximum =
        (codes, y, x, channel) -> {
          int most = 0; // codes are unsigned
          for (int tap = 0; tap < w.taps(); tap++) {
            int place = place(map, w, tap, y, x, channel);
            most = place < 0 ? most : Math.max(most, codes[place]);
          }
          return most;
        };
    return new WindowPropagation(
        maximum, w, pool.input() + 1, position + 1, map, pool.outputShape());
  }

  /**
   * @param zero code of 0 of the input
   */
  static Propagation average(AveragePool pool, int position, int zero) {
    Window w = pool.window();
    Shape map = pool.inputShape();
    var written = pool.activation();
    Value average =
        (codes, y, x, channel) -> {
          int sum = 0;
          int positions = 0;
          for (int tap = 0; tap < w.taps(); tap++) {
            int place = place(map, w, tap, y, x, channel);
            if (place >= 0) {
              sum += codes[place] - zero;
              positions++;
            }
          }
          double code = Math.rint((float) sum * pool.factor(positions)) + written.zero();
          return (int) Math.min(Math.max(code, 0), written.maxCode());
        };
    return new WindowPropagation(
        average, w, pool.input() + 1, position + 1, map, pool.outputShape());
  }

  private static int place(Shape map, Window w, int tap, int firstY, int firstX, int channel) {
    int y = firstY + tap / w.kernelWidth() * w.dilationY();
    int x = firstX + tap % w.kernelWidth() * w.dilationX();
    boolean inside = y >= 0 && y < map.height() && x >= 0 && x < map.width();
    return inside ? (y * map.width() + x) * map.channels() + channel : -1;
  }

  private WindowPropagation(Value value, Window window, int in, int out, Shape map, Shape result) {
    this.value = value;
    this.window = window;
    this.in = in;
    this.out = out;
    this.channels = map.channels();
    this.inWidth = map.width();
    this.outHeight = result.height();
    this.outWidth = result.width();
    this.touched = new Touched(result.size());
  }

  @Override
  public void forward(ImageTrace image) {
    int[] codes = image.codes[out];
    for (int place = 0; place < codes.length; place++) {
      codes[place] = code(image, place);
    }
  }

  @Override
  public boolean update(ImageTrace image, Changes changes) {
    for (int i = 0; i < changes.count(in); i++) {
      touch(changes.place(in, i));
    }
    for (int t = 0; t < touched.size(); t++) {
      int place = touched.get(t);
      changes.set(image, out, place, code(image, place));
    }
    changes.budget -= (long) touched.size() * window.taps();
    touched.clear();
    return changes.budget >= 0;
  }

  private void touch(int place) {
    int channel = place % channels;
    int y = place / channels / inWidth + window.top();
    int x = place / channels % inWidth + window.left();
    int lastY = Math.min(outHeight - 1, y / window.strideY());
    int lastX = Math.min(outWidth - 1, x / window.strideX());
    for (int oy = first(y, window.reachY(), window.strideY()); oy <= lastY; oy++) {
      for (int ox = first(x, window.reachX(), window.strideX()); ox <= lastX; ox++) {
        touched.add((oy * outWidth + ox) * channels + channel);
      }
    }
  }

  /** The first window that reaches as far as a coordinate of the padded map. */
  private static int first(int coordinate, int reach, int stride) {
    return Math.max(0, (coordinate - reach + stride) / stride);
  }

  private int code(ImageTrace image, int place) {
    int channel = place % channels;
    int y = place / channels / outWidth * window.strideY() - window.top();
    int x = place / channels % outWidth * window.strideX() - window.left();
    return value.of(image.codes[in], y, x, channel);
  }
}
