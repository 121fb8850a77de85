package org.bitquake.engine.incremental;

import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.Concat;
import org.bitquake.network.Pad;
import org.bitquake.network.TensorCodes;

/**
 * Layers each of whose output codes depends on one position of each operand: where an operand has
 * changed, its place in the output is computed anew.
 */
final class PointPropagation implements Propagation {
  private final int[] in;
  private final int out;
  private final int size;
  private final Place to;
  private final Value value;
  private final Touched touched;

  /** Where a code of an operand goes. */
  private interface Place {
    int of(int operand, int place);
  }

  /** The code at a place of the output. */
  private interface Value {
    int of(ImageTrace image, int place);
  }

  private PointPropagation(int[] in, int out, int size, Place to, Value value) {
    this.in = in;
    this.out = out;
    this.size = size;
    this.to = to;
    this.value = value;
    this.touched = new Touched(size);
  }

  private static int code(float y, Activation written) {
    double code = Math.rint(y) + written.zero();
    return (int) Math.min(Math.max(code, 0), written.maxCode());
  }

  /**
   * @param read what the operands' codes are
   */
  static Propagation add(Add layer, int position, List<TensorCodes> read) {
    int a = layer.input() + 1;
    int b = layer.second() + 1;
    int aZero = read.get(0).zero();
    int bZero = read.get(1).zero();
    return new PointPropagation(
        new int[] {a, b},
        position + 1,
        layer.outputShape().size(),
        (operand, place) -> place,
        (image, place) -> {
          float first = (float) (image.codes[a][place] - aZero) * layer.ratio();
          float second = (float) (image.codes[b][place] - bZero) * layer.secondRatio();
          return code(first + second, layer.activation());
        });
  }

  /**
   * @param read what the parts' codes are
   */
  static Propagation concat(Concat layer, int position, List<TensorCodes> read) {
    int[] in = layer.inputs().stream().mapToInt(p -> p + 1).toArray();
    int[] first = layer.firstChannels();
    int[] channels = layer.inputShapes().stream().mapToInt(Shape::channels).toArray();
    int all = layer.outputShape().channels();
    return new PointPropagation(
        in,
        position + 1,
        layer.outputShape().size(),
        (operand, place) ->
            place / channels[operand] * all + first[operand] + place % channels[operand],
        (image, place) -> {
          int part = first.length - 1;
          while (first[part] > place % all) {
            part--;
          }
          int at = place / all * channels[part] + place % all - first[part];
          float real = image.codes[in[part]][at] - read.get(part).zero();
          return code(real * layer.ratios().get(part), layer.activation());
        });
  }

  /**
   * @param zero the code of 0
   */
  static Propagation pad(Pad layer, int position, int zero) {
    Shape from = layer.inputShape();
    int width = layer.outputShape().width();
    int channels = from.channels();
    int in = layer.input() + 1;
    return new PointPropagation(
        new int[] {in},
        position + 1,
        layer.outputShape().size(),
        (operand, place) -> {
          int y = place / channels / from.width() + layer.top();
          int x = place / channels % from.width() + layer.left();
          return (y * width + x) * channels + place % channels;
        },
        (image, place) -> {
          int y = place / channels / width - layer.top();
          int x = place / channels % width - layer.left();
          boolean inside = y >= 0 && y < from.height() && x >= 0 && x < from.width();
          int at = (y * from.width() + x) * channels + place % channels;
          return inside ? image.codes[in][at] : zero;
        });
  }

  @Override
  public void forward(ImageTrace image) {
    for (int place = 0; place < size; place++) {
      image.codes[out][place] = value.of(image, place);
    }
  }

  @Override
  public boolean update(ImageTrace image, Changes changes) {
    for (int operand = 0; operand < in.length; operand++) {
      for (int i = 0; i < changes.count(in[operand]); i++) {
        touched.add(to.of(operand, changes.place(in[operand], i)));
      }
    }
    for (int t = 0; t < touched.size(); t++) {
      int place = touched.get(t);
      changes.set(image, out, place, value.of(image, place));
    }
    changes.budget -= (long) touched.size() * in.length;
    touched.clear();
    return changes.budget >= 0;
  }
}
