package org.bitquake.jobs.plan;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bitquake.jobs.trial.Marks;
import org.bitquake.jobs.trial.Workbench;

/** What the fault-free networks say of the images, found out as it is needed. */
final class GoldenImages {
  private static final int LARGEST_BATCH = 256;
  private static final byte UNSEEN = -1;

  private final Workbench bench;
  private final byte[][] marks;

  GoldenImages(Workbench bench, int networks) {
    this.bench = bench;
    this.marks = new byte[networks][bench.images().size()];
    for (byte[] its : marks) {
      Arrays.fill(its, UNSEEN);
    }
  }

  /** {@link Marks} of the images needed so far, {@code [network][image]}. */
  byte[][] marks() {
    return marks;
  }

  void need(int network, int[] images) {
    int[] missing = Arrays.stream(images).filter(i -> marks[network][i] == UNSEEN).toArray();
    if (missing.length > 0) {
      load(network);
      look(network, missing);
    }
  }

  /** Runs batches of growing size over the images, for at least one batch and about the time. */
  double nanosPerImage(int network, long nanos) {
    long start = System.nanoTime();
    int population = bench.images().size();
    var watch = new Stopwatch();
    load(network);
    int size = 1;
    for (int first = 0; first < population; first += size, size = next(size)) {
      int end = Math.min(population, first + size);
      int[] batch = IntStream.range(first, end).toArray();
      long before = Stopwatch.now();
      look(network, batch);
      watch.add((double) (Stopwatch.now() - before) / batch.length);
      if (System.nanoTime() - start > nanos) {
        break;
      }
    }
    return Math.max(1, watch.settled());
  }

  private static int next(int size) {
    return Math.min(LARGEST_BATCH, 2 * size);
  }

  private void load(int network) {
    bench.engine(network).load(bench.network(network).copyCodes());
  }

  private void look(int network, int[] images) {
    var data = bench.images();
    int size = data.shape().size();
    byte[] pixels = new byte[images.length * size];
    for (int i = 0; i < images.length; i++) {
      data.copyImage(images[i], pixels, i * size);
    }
    byte[] its =
        new Marks(data, images.length).of(bench.engine(network), pixels, images, images.length);
    for (int i = 0; i < images.length; i++) {
      marks[network][images[i]] = its[i];
    }
  }
}
