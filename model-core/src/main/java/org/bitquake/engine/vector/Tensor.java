package org.bitquake.engine.vector;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.lanes.LaneLayout;
import org.bitquake.lanes.Windows;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.Convolution;

/**
 * Codes of a block of images, see {@link LaneLayout}. The padding holds zeros. Behind each channel,
 * and behind the last, lie lanes for the vector loops to overrun into.
 */
final class Tensor {
  final Shape shape;
  final int pad;
  final short[] data;
  private LaneLayout layout;
  private StoredCodes codes;

  /**
   * @param pad zeros on all four sides
   * @param block most images at a time
   */
  Tensor(Shape shape, int pad, int block) {
    this.shape = shape;
    this.pad = pad;
    layout = new LaneLayout(shape, pad, block, Lanes.WIDTH);
    data = new short[Math.toIntExact(layout.length() + 2L * Lanes.CHUNK)];
  }

  /**
   * Arranges the tensor for {@code images} images; what it held is lost if that is another number.
   */
  void images(int images) {
    if (layout.images() != images) {
      layout = new LaneLayout(shape, pad, images, Lanes.WIDTH);
      codes = null;
      Arrays.fill(data, (short) 0);
    }
  }

  /** Where the taps of a layer that reads this read. */
  Windows<short[]> windows(Convolution layer) {
    return new Windows<>(
        layer, data, layout, lanes -> new short[Math.addExact(lanes, 2 * Lanes.CHUNK)]);
  }

  /** Where positions lie now; at first, for as many images as there is room for. */
  LaneLayout layout() {
    return layout;
  }

  /** Where position (c, y, x) starts; y and x may lie in the padding. */
  int at(int c, int y, int x) {
    return layout.at(c, y, x);
  }

  /** What it holds, for the images that it is arranged for. */
  StoredCodes codes() {
    if (codes == null) {
      codes = new StoredLanes(data, places());
    }
    return codes;
  }

  private int[] places() {
    int[] places = new int[shape.size()];
    int position = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          places[position++] = at(c, y, x);
        }
      }
    }
    return places;
  }

  private record StoredLanes(short[] data, int[] places) implements StoredCodes {
    @Override
    public int get(int image, int position) {
      return data[places[position] + image];
    }

    @Override
    public void set(int image, int position, int code) {
      data[places[position] + image] = (short) code;
    }
  }

  /**
   * Zeros what the vector loops wrote behind row y of a channel. Rows must be written from the top
   * down: what lies behind without padding is a later row.
   */
  void endRow(int c, int y) {
    if (pad > 0) {
      int end = at(c, y, shape.width());
      Arrays.fill(data, end, end + Lanes.WIDTH, (short) 0);
    }
  }
}
