package org.bitquake.jobs.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.train.EpochReport;
import org.bitquake.train.TrainOptions;

/** A line for each epoch, with the time left for all networks of the run. */
final class EpochLines {
  private static final double NANOS = 1e9;

  private final PrintWriter out;
  private final long started = System.nanoTime();
  private final double total;
  private double done;
  private double skipped;

  EpochLines(List<TrainOptions> networks, PrintWriter out) {
    this.out = out;
    this.total = networks.stream().mapToDouble(n -> work(n, n.epochs())).sum();
  }

  void print(TrainOptions options, EpochReport report) {
    if (report.resumed()) {
      done += work(options, report.epoch());
      skipped += work(options, report.epoch());
      out.printf(Locale.ROOT, "%s  goes on after epoch %d%n", options.name(), report.epoch());
    } else {
      done += work(options, report.epoch()) - work(options, report.epoch() - 1);
      out.println(line(options.name(), report, left()));
    }
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

  private double left() {
    double perUnit = (System.nanoTime() - started) / NANOS / (done - skipped);
    return (total - done) * perUnit;
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 90 ? s + " s" : (s + 30) / 60 + " min";
  }

  /** Passes over the data in so many epochs: SAQ takes two in each that is not float. */
  private static double work(TrainOptions options, int epochs) {
    int twice = options.rho() > 0 ? Math.max(0, epochs - options.floatEpochs()) : 0;
    return (double) epochs + twice;
  }
}
