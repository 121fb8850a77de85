package org.bitquake.jobs.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.jobs.console.Progress;
import org.bitquake.train.EpochReport;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.TrainingListener;

/**
 * How far a run is: a line for each epoch, and between them by the step. Both say the time left for
 * all networks of the run; epochs that an earlier run did count for nothing.
 */
final class EpochLines implements AutoCloseable {
  private final int images;
  private final PrintWriter out;
  private final Progress progress;
  private long total;
  private long done;

  /**
   * @param networks those still to train
   * @param images of the training set
   * @param out where the lines of epochs go
   * @param progress makes what shows the steps, for so much work
   */
  EpochLines(
      List<TrainOptions> networks, int images, PrintWriter out, LongFunction<Progress> progress) {
    this.images = images;
    this.out = out;
    this.total = networks.stream().mapToLong(n -> work(n, n.epochs())).sum();
    this.progress = progress.apply(total);
  }

  /** What is to be told of the training of a network. */
  TrainingListener of(TrainOptions options) {
    long before = done;
    return new TrainingListener() {
      private long resumed;

      @Override
      public void resumed(int epochs, int steps, int stepsPerEpoch) {
        resumed = work(options, epochs + 1, steps, stepsPerEpoch);
        total -= resumed;
        progress.update(done, total);
        String step = Text.of("step %d/%d of epoch %d", steps, stepsPerEpoch, epochs + 1);
        say(Text.of("%s  goes on after %s", options.name(), steps > 0 ? step : "epoch " + epochs));
      }

      @Override
      public void epoch(EpochReport report) {
        advance(report.epoch(), 1, 1);
        say(line(options.name(), report, progress.secondsLeft().orElse(0)));
      }

      @Override
      public void step(int epoch, int steps, int stepsPerEpoch) {
        advance(epoch, steps, stepsPerEpoch);
      }

      private void advance(int epoch, int steps, int stepsPerEpoch) {
        done = before - resumed + work(options, epoch, steps, stepsPerEpoch);
        progress.update(done, words(epoch, steps, stepsPerEpoch));
      }

      private String words(int epoch, int steps, int stepsPerEpoch) {
        return Text.of(
            "%s epoch %d/%d step %d/%d",
            options.name(), epoch, options.epochs(), steps, stepsPerEpoch);
      }
    };
  }

  /** Writes a line among the others. */
  void say(String line) {
    progress.clear();
    out.println(line);
    out.flush();
  }

  static String line(String name, EpochReport r, double secondsLeft) {
    String zeros =
        r.zeroFractions().stream()
            .map(z -> Text.of("%.0f", 100 * z))
            .collect(Collectors.joining(" "));
    return Text.of(
        "%s  epoch %2d/%d  loss %.3f  test accuracy %.2f %%  zero activations %s %%  %s left",
        name, r.epoch(), r.epochs(), r.loss(), 100 * r.accuracy(), zeros, duration(secondsLeft));
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 90 ? s + " s" : (s + 30) / 60 + " min";
  }

  /** Images gone through up to a step of an epoch. */
  private long work(TrainOptions options, int epoch, int steps, int stepsPerEpoch) {
    long start = work(options, epoch - 1);
    return start + (work(options, epoch) - start) * steps / stepsPerEpoch;
  }

  /** Images gone through in so many epochs: for each gradient once, in float epochs for one. */
  private long work(TrainOptions options, int epochs) {
    int again = (options.gradients() - 1) * Math.max(0, epochs - options.floatEpochs());
    return (long) images * (epochs + again);
  }

  @Override
  public void close() {
    progress.clear();
  }
}
