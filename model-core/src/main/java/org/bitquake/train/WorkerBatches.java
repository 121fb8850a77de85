package org.bitquake.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.bitquake.data.Dataset;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The share of one worker in some consecutive batches of an epoch. All workers together see just
 * the images that local training sees in those steps. An element is only valid until the next one.
 */
public final class WorkerBatches implements Iterator<DataSet> {
  private final int batch;
  private final int share;
  private final int worker;
  private final int end;
  private final int[] order;
  private final Batches batches;
  private final Optional<Augmentation> augmentation;
  private int step;

  /**
   * @param epoch 1 for the first
   * @param worker 0 for the first
   * @param first step of the epoch, 0 for its first
   * @param end step after the last
   */
  public WorkerBatches(
      TrainOptions options,
      Averaging averaging,
      Dataset images,
      int epoch,
      int worker,
      int first,
      int end) {
    this.batch = options.batch();
    this.share = averaging.share(batch);
    this.worker = worker;
    this.step = first;
    this.end = end;
    order = Batches.order(images.size(), options.seed(), epoch);
    batches = new Batches(images, share);
    augmentation =
        options.augment() ? Optional.of(new Augmentation(options.seed(), epoch)) : Optional.empty();
    augmentation.ifPresent(a -> a.skip((long) first * batch + (long) worker * share));
  }

  @Override
  public boolean hasNext() {
    return step < end;
  }

  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    batches.load(order, step * batch + worker * share, augmentation);
    augmentation.ifPresent(a -> a.skip(batch - share));
    step++;
    return new DataSet(batches.images(), batches.labels());
  }
}
