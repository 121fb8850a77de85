package org.bitquake.jobs.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.bitquake.data.Dataset;
import org.bitquake.engine.ActivationStatistics;
import org.bitquake.engine.ActivationStatistics.Zeros;
import org.bitquake.engine.Engines;
import org.bitquake.engine.Prediction;
import org.bitquake.jobs.console.Progress;
import org.bitquake.network.QuantizedNetwork;

/** Runs a network over a data set on this machine, on as many of its cores as that is worth. */
final class Images {
  private static final int BATCH = 250;

  /** Images that are traced together. */
  private static final int TRACED = 50;

  /** Multiply-accumulates that keep a core busy for longer than preparing an engine does. */
  private static final double WORTH_A_CORE = 2e10;

  private Images() {}

  /** Takes the logits of images from one on; several threads give it those of different images. */
  @FunctionalInterface
  interface Taker {
    void take(int first, int count, float[] logits);
  }

  /**
   * What a network answers.
   *
   * @param correct images classified correctly
   * @param top5 images whose label is among the five largest logits
   * @param ties images whose largest logit two classes or more have
   */
  record Answers(int correct, int top5, int ties) {}

  /** Runs a network on all images. */
  static Answers answers(QuantizedNetwork network, Dataset data) {
    int classes = network.classes();
    var correct = new LongAdder();
    var top5 = new LongAdder();
    var ties = new LongAdder();
    run(
        network,
        data,
        cores(network, data),
        (first, count, logits) -> {
          for (int i = 0; i < count; i++) {
            int label = data.label(first + i);
            correct.add(Prediction.of(logits, i * classes, classes) == label ? 1 : 0);
            top5.add(Prediction.isAmongFive(logits, i * classes, classes, label) ? 1 : 0);
            ties.add(Prediction.isTie(logits, i * classes, classes) ? 1 : 0);
          }
        });
    return new Answers(correct.intValue(), top5.intValue(), ties.intValue());
  }

  /** The cores that a network's run on a data set is worth. */
  static int cores(QuantizedNetwork network, Dataset data) {
    double worth = (double) network.macs() * data.size() / WORTH_A_CORE;
    return (int) Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), worth));
  }

  /** Runs a network on all images, with an engine on each core. */
  static void run(QuantizedNetwork network, Dataset data, int cores, Taker taker) {
    var next = new AtomicInteger();
    var done = new AtomicInteger();
    try (var progress = Progress.start("images", data.size())) {
      IntStream.range(0, cores)
          .parallel()
          .filter(core -> next.get() < data.size())
          .forEach(
              core -> {
                try (var engine = Engines.prepare(network)) {
                  float[] logits = new float[BATCH * network.classes()];
                  int first;
                  while ((first = next.getAndAdd(BATCH)) < data.size()) {
                    int count = Math.min(BATCH, data.size() - first);
                    engine.logits(pixels(data, first, count), count, logits);
                    taker.take(first, count, logits);
                    progress.update(done.addAndGet(count));
                  }
                }
              });
    }
  }

  /** Pixels of {@code count} images from {@code first}, {@code [count, C, H, W]}. */
  private static byte[] pixels(Dataset data, int first, int count) {
    int size = data.shape().size();
    return Arrays.copyOfRange(data.pixels(), first * size, (first + count) * size);
  }

  /** The zeros among a network's activations on the first {@code most} images, on all cores. */
  static List<Zeros> zeros(QuantizedNetwork network, Dataset data, int most) {
    int size = Math.min(most, data.size());
    var done = new AtomicInteger();
    try (var progress = Progress.start("images for zero activations", size)) {
      return IntStream.range(0, (size + TRACED - 1) / TRACED)
          .parallel()
          .mapToObj(
              part -> {
                int count = Math.min(TRACED, size - part * TRACED);
                var its =
                    ActivationStatistics.zeroFractions(network, data.part(part * TRACED, count));
                progress.update(done.addAndGet(count));
                return its;
              })
          .reduce(Images::sum)
          .orElse(List.of());
    }
  }

  private static List<Zeros> sum(List<Zeros> some, List<Zeros> others) {
    List<Zeros> sums = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      var a = some.get(i);
      var b = others.get(i);
      sums.add(new Zeros(a.layer(), a.zeros() + b.zeros(), a.codes() + b.codes()));
    }
    return sums;
  }
}
