package org.bitquake.bench;

import java.util.Locale;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.bench.Measurement.Quantity;

/** The tables that people read: medians over rounds, and ratios. */
final class Report {
  private static final String PEER = "PyTorch";
  private static final String REFERENCE = "reference";

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private Report(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    var report = new Report(results);
    report.machine();
    report.limits();
    report.inference();
    report.preparation();
    report.faultModels();
    report.trials();
    report.threads();
    report.commands();
    results.notes().forEach(note -> report.text.append("not measured: ").append(note).append('\n'));
    return report.text.toString();
  }

  private void machine() {
    var m = results.machine();
    line("%s, processors %s; %s; Java %s", m.processor(), m.processors(), m.os(), m.java());
    results
        .engines()
        .forEach(
            (name, why) -> line("engine %s%s", name, why.isEmpty() ? "" : " not used: " + why));
    line("One core; medians over rounds of CPU time, ± half the distance of the quartiles.");
  }

  private void limits() {
    var table = new Columns("multiply-add in registers", "GMAC/s", "±");
    results
        .peaks()
        .forEach(
            (lanes, rates) -> {
              double[] values = rates.stream().mapToDouble(Double::doubleValue).toArray();
              table.add(lanes, number(Series.median(values) / 1e9), percent(Series.spread(values)));
            });
    table(
        "The processor's limit: float32, int16, int32 through the Vector API, int8 (onednn's) in C",
        table);
  }

  private void inference() {
    var table =
        new Columns(
            "network",
            "engine",
            "images",
            "images/s",
            "±",
            "GMAC/s",
            "of limit",
            "× reference",
            "× PyTorch",
            "× TensorFlow Lite");
    for (Series s : results.all(Quantity.PREDICT)) {
      double rate = s.images() / s.seconds();
      double macs = rate * results.macs().get(s.subject());
      table.add(
          s.subject(),
          s.engine(),
          count(s.images()),
          number(rate),
          percent(s.spread()),
          number(macs / 1e9),
          peak(s.engine()).map(peak -> percent(macs / peak)).orElse(null),
          rateOf(REFERENCE, s.subject()).map(r -> number(rate / r)).orElse(null),
          results.peerRate(s.subject()).map(r -> number(rate / r)).orElse(null),
          rateOf(Rounds.TFLITE, s.subject()).map(r -> number(rate / r)).orElse(null));
    }
    peerRow(table, Workload.LENET5, 10_000);
    peerRow(table, Workload.RESNET18, 250);
    table("Inference", table);
  }

  private void peerRow(Columns table, String subject, int images) {
    results
        .peerRate(subject)
        .ifPresent(
            rate -> {
              double macs = rate * results.macs().getOrDefault(subject, 0L);
              table.add(
                  subject,
                  PEER,
                  count(images),
                  number(rate),
                  null,
                  number(macs / 1e9),
                  null,
                  rateOf(REFERENCE, subject).map(r -> number(rate / r)).orElse(null),
                  number(1),
                  null);
            });
  }

  /**
   * oneDNN multiplies 8 bits by 8, the others 16 by 16 or more; {@code onednn-float} has no one
   * limit: it multiplies bytes in some layers and floats in others.
   */
  private Optional<Double> peak(String engine) {
    if (engine.equals("onednn-float")) {
      return Optional.empty();
    }
    String lanes = engine.equals("onednn") || engine.equals(Rounds.TFLITE) ? "int8" : "int16";
    return Optional.ofNullable(results.peaks().get(lanes)).map(Series::median);
  }

  private Optional<Double> rateOf(String engine, String subject) {
    return results.all(Quantity.PREDICT).stream()
        .filter(s -> s.subject().equals(subject) && s.engine().equals(engine))
        .map(s -> s.images() / s.seconds())
        .findFirst();
  }

  private void preparation() {
    var table =
        new Columns("network", "engine", "draw µs", "apply µs", "load µs", "all µs", "× PyTorch");
    for (Series load : results.all(Quantity.LOAD)) {
      String subject = load.subject();
      double draw = results.find(Quantity.DRAW, subject, "", 0).orElseThrow().seconds();
      double apply = results.find(Quantity.APPLY, subject, "", 0).orElseThrow().seconds();
      double all = draw + apply + load.seconds();
      table.add(
          subject,
          load.engine(),
          number(draw * 1e6),
          number(apply * 1e6),
          number(load.seconds() * 1e6),
          number(all * 1e6),
          results.peerPreparation(subject).map(p -> number(p / all)).orElse(null));
    }
    table(
        "Preparing a trial at 1 % bit flips: another fault map, on fresh codes, into the engine",
        table);
  }

  private void faultModels() {
    var table = new Columns("network", "faults", "µs", "±", "× independent");
    for (Series s : results.all(Quantity.FAULTS)) {
      double draw = results.find(Quantity.DRAW, s.subject(), "", 0).orElseThrow().seconds();
      double apply = results.find(Quantity.APPLY, s.subject(), "", 0).orElseThrow().seconds();
      table.add(
          s.subject(),
          s.engine(),
          number(s.seconds() * 1e6),
          percent(s.spread()),
          number(s.seconds() / (draw + apply)));
    }
    table("Other faults at 1 %, drawn and applied, against bit flips in independent cells", table);
  }

  private void trials() {
    var table =
        new Columns("network", "engine", "images", "trials/s", "±", "× reference", "× PyTorch");
    for (Series s : results.all(Quantity.TRIAL)) {
      var reference = results.find(Quantity.TRIAL, s.subject(), REFERENCE, s.images());
      table.add(
          s.subject(),
          s.engine(),
          count(s.images()),
          number(1 / s.seconds()),
          percent(s.spread()),
          reference.map(r -> number(r.seconds() / s.seconds())).orElse(null),
          results
              .peerTrial(s.subject(), s.images())
              .map(p -> number(p / s.seconds()))
              .orElse(null));
    }
    table("Whole trials", table);
  }

  private void threads() {
    var table = new Columns("network", "engine", "images", "1 thread", "2 threads", "ratio");
    for (var s : results.threads()) {
      table.add(
          s.subject(),
          s.engine(),
          count(s.images()),
          number(Series.median(s.one())),
          number(Series.median(s.two())),
          number(s.ratio()));
    }
    table("Two task threads against one, trials/s by the clock on the wall", table);
  }

  private void commands() {
    var table = new Columns("command", "seconds", "CPU-s");
    for (var timing : results.commands()) {
      table.add(
          timing.command(),
          number(Series.median(timing.seconds())),
          number(Series.median(timing.cpuSeconds())));
    }
    table("Whole commands on all cores, by the clock on the wall", table);
  }

  private void table(String title, Columns table) {
    if (!table.isEmpty()) {
      line("%n%s%n", title);
      text.append(table.render());
    }
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format + "%n", arguments));
  }

  private static String count(int n) {
    return Text.of("%,d", n);
  }

  private static String percent(double fraction) {
    return Text.of("%.0f %%", 100 * fraction);
  }

  /** Three digits that count. */
  private static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
