package org.bitquake.jobs.replay;

import java.util.List;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.replay.FaultList.Fault;
import org.bitquake.jobs.sql.ResultFormat;

/**
 * A replayed row in words.
 *
 * @param all whether every fault and image is named
 */
public record ReplayText(Replay replay, boolean all) {
  /** Faults shown unless all are asked for. */
  private static final int SHOWN = 20;

  private static final List<String> CELL =
      List.of("layer", "filter", "index", "bit", "before", "after");

  private static final List<String> PLACE = List.of("array", "row", "column");

  /** Which row, its results in the table and now, its images. */
  public String summary() {
    var row = replay.subject().recorded();
    String what =
        Text.of(
            "%s: %d images of %s, %s, seed %d%n%n",
            replay.subject().table().title(row.row()),
            row.images(),
            row.dataset(),
            row.encoding().label(),
            row.seed());
    return what + results() + images();
  }

  private String results() {
    var table = new TextTable("", "table", replay.engine() + " engine", "by the definitions");
    replay
        .reference()
        .forEach(
            (column, value) ->
                table.add(
                    column,
                    text(replay.recorded(column)),
                    text(replay.again(column)),
                    text(value)));
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
    return all ? text + numbers(images) : text;
  }

  private String numbers(ImageChanges images) {
    String text =
        Text.of(
            "  right to wrong: %s%n  wrong to right: %s%n",
            list(images.broken()), list(images.mended()));
    return isTrial() // of whose images most have other logits
        ? text
        : text
            + Text.of(
                "  another class: %s%n  other logits: %s%n",
                list(images.otherPredictions()), list(images.otherLogits()));
  }

  private boolean isTrial() {
    return replay.subject().table() == ReplayTable.TRIALS;
  }

  private static String list(List<Integer> images) {
    return images.isEmpty()
        ? "none"
        : images.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** A line for each thing that is worth saying about the comparison. */
  public List<String> verdict() {
    var differences = replay.differences();
    if (!differences.isEmpty()) {
      return differences.stream().map(ReplayText::difference).toList();
    }
    String noun = replay.subject().table().noun();
    var failed = replay.subject().recorded().error();
    var fails = replay.error();
    if (failed.isEmpty()) {
      return List.of("the same as in the table");
    }
    return List.of(
        Text.of("the %s failed in the campaign: %s", noun, failed.get()),
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
  public String table() {
    var buffer = replay.faults().buffer();
    if (buffer.isPresent()) {
      return new BufferFaultText(buffer.get()).table(all ? Integer.MAX_VALUE : SHOWN);
    }
    int size = replay.faults().size();
    if (size == 0) {
      return "no faulty cells\n";
    }
    var table = new TextTable(titles());
    replay.faults().faults().limit(all ? size : SHOWN).map(ReplayText::cells).forEach(table::add);
    String rest =
        all || size <= SHOWN
            ? ""
            : Text.of(
                "… and %,d more; --all shows them, --faults-output FILE.parquet keeps them%n",
                size - SHOWN);
    return table.render() + rest;
  }

  /** All faults for machines, a line each, with a heading. */
  public Stream<String> csv() {
    var buffer = replay.faults().buffer();
    if (buffer.isPresent()) {
      return new BufferFaultText(buffer.get()).csv();
    }
    return Stream.concat(
        Stream.of(ResultFormat.csvLine(titles().stream())),
        replay.faults().faults().map(f -> ResultFormat.csvLine(exact(f).stream())));
  }

  private List<String> titles() {
    var marks = isTrial() ? Stream.of("mark") : Stream.<String>empty();
    var places = replay.faults().layout().isPresent() ? PLACE.stream() : Stream.<String>empty();
    return Stream.of(CELL.stream(), marks, places).flatMap(its -> its).toList();
  }

  private static List<String> cells(Fault f) {
    return line(f, mark -> Text.of("%.6f", mark));
  }

  private static List<String> exact(Fault f) {
    return line(f, Double::toString);
  }

  private static List<String> line(Fault f, DoubleFunction<String> mark) {
    var cells =
        Stream.of(f.layer(), f.filter(), f.index(), f.bit(), f.before(), f.after())
            .map(Object::toString);
    var places = f.place().stream().flatMap(p -> Stream.of(p.array(), p.row(), p.column()));
    return Stream.of(cells, f.mark().stream().mapToObj(mark), places.map(Object::toString))
        .flatMap(its -> its)
        .toList();
  }
}
