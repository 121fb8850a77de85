package org.bitquake.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorByteSize;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorData;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/**
 * TensorFlow Lite's own interpreter on one thread, for a model of an int8 picture {@code [H, W, C]}
 * and int8 scores. The benchmarks are built with it, too.
 */
public final class TensorFlowLite implements AutoCloseable {
  private final BytePointer file;
  private final TfLiteModel model;
  private final TfLiteInterpreter interpreter;
  private final BytePointer input;
  private final BytePointer output;
  private final byte[] picture;
  private final int classes;

  /**
   * @param model the bytes of a {@code .tflite} file
   */
  public TensorFlowLite(byte[] model) {
    this.file = new BytePointer(model);
    this.model = made(TfLiteModelCreate(file, model.length), "model");
    var options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, 1);
    this.interpreter = made(TfLiteInterpreterCreate(this.model, options), "interpreter");
    TfLiteInterpreterOptionsDelete(options);
    done(TfLiteInterpreterAllocateTensors(interpreter), "setting memory aside");
    var in = TfLiteInterpreterGetInputTensor(interpreter, 0);
    var out = TfLiteInterpreterGetOutputTensor(interpreter, 0);
    this.picture = new byte[Math.toIntExact(TfLiteTensorByteSize(in))];
    this.classes = Math.toIntExact(TfLiteTensorByteSize(out));
    this.input = new BytePointer(TfLiteTensorData(in));
    this.output = new BytePointer(TfLiteTensorData(out));
  }

  /** Why it cannot be used here; empty if it can. */
  public static Optional<String> unavailable() {
    try {
      Loader.load(tensorflowlite.class);
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of("no TensorFlow Lite for " + Loader.getPlatform());
    }
  }

  /**
   * The scores of each picture, {@code [count][classes]}, with pixel − 128 as input.
   *
   * @param pixels unsigned, {@code [count, channels, H, W]}
   */
  public byte[][] scores(byte[] pixels, int count, int channels) {
    byte[][] scores = new byte[count][classes];
    int plane = picture.length / channels;
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < picture.length; k++) {
        int from = i * picture.length + k % channels * plane + k / channels;
        picture[k] = (byte) (pixels[from] ^ 0x80);
      }
      input.put(picture, 0, picture.length);
      done(TfLiteInterpreterInvoke(interpreter), "a prediction");
      output.get(scores[i], 0, classes);
    }
    return scores;
  }

  /** The class that such scores predict: the first of the highest. */
  static int firstMaximum(byte[] row) {
    int best = 0;
    for (int c = 1; c < row.length; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }

  private static <T> T made(T pointer, String what) {
    if (pointer == null) {
      throw new IllegalStateException("TensorFlow Lite makes no " + what + " of this file");
    }
    return pointer;
  }

  private static void done(int status, String what) {
    if (status != tensorflowlite.kTfLiteOk) {
      throw new IllegalStateException("TensorFlow Lite fails: " + what);
    }
  }

  @Override
  public void close() {
    TfLiteInterpreterDelete(interpreter);
    TfLiteModelDelete(model);
    file.close();
  }
}
