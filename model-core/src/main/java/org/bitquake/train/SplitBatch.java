package org.bitquake.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Passes of a model over batches whose parts go through it at once, each in a thread of its own and
 * in a copy of the model. Sums over the parts are added in the order of the parts, so the same
 * number of threads gives the same gradient to the bit; without batch normalisation that of one
 * thread, but for rounding. Batch normalisation takes the statistics of each part, and the mean of
 * what the parts make of the running ones.
 */
final class SplitBatch implements AutoCloseable {
  private final QuantizedModel model;
  private final List<QuantizedModel> followers;

  /** One thread for each follower, whose native memory is the thread's. */
  private final List<ExecutorService> threads;

  /**
   * @param model that goes through the first part, in the calling thread
   * @param followers of the same architecture, one for each other part; may be none
   */
  SplitBatch(QuantizedModel model, List<QuantizedModel> followers) {
    this.model = model;
    this.followers = followers;
    threads =
        IntStream.range(0, followers.size())
            .mapToObj(i -> Executors.newSingleThreadExecutor(SplitBatch::daemon))
            .toList();
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "training");
    thread.setDaemon(true);
    return thread;
  }

  /** As {@link QuantizedModel#pass}; the batch that has to find steps goes through it whole. */
  double pass(INDArray images, INDArray labels, float[] epsilon) {
    if (followers.isEmpty() || !model.started()) {
      return model.pass(images, labels, epsilon);
    }
    List<Future<Double>> losses = new ArrayList<>();
    for (int f = 0; f < followers.size(); f++) {
      var follower = followers.get(f);
      follower.follow(model);
      var part = part(images, f + 1);
      var its = part(labels, f + 1);
      Callable<Double> sums = () -> part.size(0) * follower.sums(part, its, epsilon);
      losses.add(threads.get(f).submit(sums));
    }
    var first = part(images, 0);
    double loss = first.size(0) * model.sums(first, part(labels, 0), epsilon);
    for (var its : losses) {
      loss += result(its);
    }
    followers.forEach(model::add);
    averageStatistics();
    model.finish(images.size(0));
    return loss / images.size(0);
  }

  /**
   * The class of each image, as {@link QuantizedModel#output} has it. What the quantisers of the
   * followers count meanwhile is forgotten; the model's own go on counting.
   */
  int[] predict(INDArray images) {
    if (followers.isEmpty() || !model.started()) {
      return classes(model, images);
    }
    List<Future<int[]>> parts = new ArrayList<>();
    for (int f = 0; f < followers.size(); f++) {
      var follower = followers.get(f);
      follower.follow(model);
      var part = part(images, f + 1);
      parts.add(threads.get(f).submit(() -> classes(follower, part)));
    }
    var all = IntStream.builder();
    Arrays.stream(classes(model, part(images, 0))).forEach(all);
    parts.forEach(its -> Arrays.stream(result(its)).forEach(all));
    followers.forEach(f -> f.activationQuantizers().forEach(q -> q.resetCounts()));
    return all.build().toArray();
  }

  private static int[] classes(QuantizedModel model, INDArray images) {
    return model.output(images).argMax(1).toIntVector();
  }

  /** So many rows of a batch, of their own. */
  private INDArray part(INDArray batch, int index) {
    long parts = followers.size() + 1L;
    long rows = batch.size(0);
    var interval = NDArrayIndex.interval(rows * index / parts, rows * (index + 1) / parts);
    return batch.get(interval).dup('c');
  }

  private void averageStatistics() {
    var all = model.statistics();
    for (int s = 0; s < all.size(); s++) {
      float[] its = all.get(s);
      for (int i = 0; i < its.length; i++) {
        double sum = its[i];
        for (var follower : followers) {
          sum += follower.statistics().get(s)[i];
        }
        its[i] = (float) (sum / (followers.size() + 1));
      }
    }
  }

  private static <T> T result(Future<T> part) {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
