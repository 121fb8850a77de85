package org.bitquake.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.replay.FaultList.Fault;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.sql.ResultFormat;

/**
 * A replayed trial in words.
 *
 * @param all whether every fault and image is named
 */
record ReplayText(Replay replay, boolean all) {
  /** Faults shown unless all are asked for. */
  static final int SHOWN = 20;

  private static final List<String> TITLES =
      List.of("layer", "filter", "index", "bit", "before", "after", "mark");

  /** Which trial, its results in the table and now, its images. */
  String summary() {
    var trial = replay.trial();
    String what =
        Text.of(
            "network %s, %s, rate %s, trial %d: %d images of %s, %s, seed %d%n%n",
            trial.network(),
            trial.kind().label(),
            trial.rate(),
            trial.number(),
            trial.images(),
            trial.dataset(),
            trial.encoding().label(),
            trial.seed());
    return what + results() + images();
  }

  private String results() {
    var table = new TextTable("", "table", replay.engine() + " engine", "by the definitions");
    for (String column : Replay.results()) {
      table.add(
          column,
          text(replay.trial().row().getAs(column)),
          text(replay.again(column)),
          text(replay.reference(column)));
    }
    return table.render();
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  private String images() {
    var images = replay.images();
    String text =
        Text.of(
            "%nimages from right to wrong: %d, from wrong to right: %d%n",
            images.broken().size(), images.mended().size());
    return all
        ? text
            + Text.of(
                "  right to wrong: %s%n  wrong to right: %s%n",
                list(images.broken()), list(images.mended()))
        : text;
  }

  private static String list(List<Integer> images) {
    return images.isEmpty()
        ? "none"
        : images.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** A line for each thing that is worth saying about the comparison. */
  List<String> verdict() {
    var differences = replay.differences();
    if (!differences.isEmpty()) {
      return differences.stream().map(ReplayText::difference).toList();
    }
    var failed = replay.trial().error();
    var fails = replay.error();
    if (failed.isEmpty()) {
      return List.of("the same as in the table");
    }
    return List.of(
        "the trial failed in the campaign: " + failed.get(),
        fails.isPresent() ? "it fails here too: " + fails.get() : "it does not fail here");
  }

  private static String difference(Replay.Difference d) {
    String reference =
        d.reference() == null || Objects.equals(d.reference(), d.again())
            ? ""
            : Text.of(", %s by the definitions", d.reference());
    return Text.of(
        "%s is %s in the table, but %s here%s", d.column(), d.recorded(), d.again(), reference);
  }

  /** The faults for people. */
  String table() {
    int size = replay.faults().size();
    if (size == 0) {
      return "no faulty cells\n";
    }
    var table = new TextTable(TITLES);
    replay.faults().faults().limit(all ? size : SHOWN).map(this::cells).forEach(table::add);
    String rest =
        all || size <= SHOWN
            ? ""
            : Text.of(
                "… and %,d more; --all shows them, --faults-output FILE.parquet keeps them%n",
                size - SHOWN);
    return table.render() + rest;
  }

  /** All faults for machines, a line each, with a heading. */
  Stream<String> csv() {
    return Stream.concat(
        Stream.of(ResultFormat.csvLine(TITLES.stream())),
        replay.faults().faults().map(f -> ResultFormat.csvLine(exact(f).stream())));
  }

  private List<String> cells(Fault f) {
    var cells = new ArrayList<>(exact(f));
    cells.set(cells.size() - 1, Text.of("%.6f", f.mark()));
    return cells;
  }

  private static List<String> exact(Fault f) {
    return Stream.of(f.layer(), f.filter(), f.index(), f.bit(), f.before(), f.after(), f.mark())
        .map(Object::toString)
        .toList();
  }
}
