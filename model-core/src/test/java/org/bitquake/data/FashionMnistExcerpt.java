package org.bitquake.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Draws the 10,000 training images that travel in the jar.
 *
 * <p>Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S) within each class, in file order: an
 * image is taken with probability (still wanted of its class) / (still to come of its class), one
 * {@code java.util.Random(240610528).nextInt} an image. So every choice of 1,000 a class is equally
 * likely, and the excerpt is in file order.
 *
 * <p>To write the resources anew, run {@code main} from {@code model-core} with the folder of the
 * four original files and the folder to write to.
 */
final class FashionMnistExcerpt {
  static final long SEED = 240_610_528;
  static final int PER_CLASS = 1_000;

  private FashionMnistExcerpt() {}

  /** The excerpt of a training set, {@code PER_CLASS} images of every class. */
  static Dataset draw(Dataset train) {
    int[] toCome = new int[train.classes()];
    for (int i = 0; i < train.size(); i++) {
      toCome[train.label(i)]++;
    }
    int[] wanted = new int[train.classes()];
    Arrays.fill(wanted, PER_CLASS);
    var random = new Random(SEED);
    int size = PER_CLASS * train.classes();
    byte[] pixels = new byte[size * train.shape().size()];
    byte[] labels = new byte[size];
    int taken = 0;
    for (int i = 0; i < train.size(); i++) {
      int label = train.label(i);
      if (random.nextInt(toCome[label]) < wanted[label]) {
        train.copyImage(i, pixels, taken * train.shape().size());
        labels[taken++] = (byte) label;
        wanted[label]--;
      }
      toCome[label]--;
    }
    return new Dataset("fashion-mnist/train-10k", train.shape(), train.classes(), pixels, labels);
  }

  public static void main(String[] args) throws IOException {
    var train = Datasets.load("fashion-mnist", "train", Optional.of(args[0]), new Configuration());
    Dataset excerpt = draw(train);
    Path out = Path.of(args[1]);
    Files.createDirectories(out);
    write(
        out.resolve("train-10k-images-idx3-ubyte.gz"),
        excerpt.pixels(),
        0x803,
        excerpt.size(),
        excerpt.shape().height(),
        excerpt.shape().width());
    write(out.resolve("train-10k-labels-idx1-ubyte.gz"), excerpt.labels(), 0x801, excerpt.size());
  }

  private static void write(Path file, byte[] payload, int... header) throws IOException {
    var head = ByteBuffer.allocate(header.length * Integer.BYTES);
    for (int word : header) {
      head.putInt(word);
    }
    try (OutputStream gz = new BestGzip(Files.newOutputStream(file))) {
      gz.write(head.array());
      gz.write(payload);
    }
  }

  /** Gzip at its strongest level. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
