package org.bitquake.jobs.replay;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.replay.BufferFaultList.Cell;
import org.bitquake.jobs.sql.ResultFormat;

/** Faults in the memory of activations or of offsets in words. */
record BufferFaultText(BufferFaultList faults) {
  private static final List<String> TITLES =
      List.of("position", "bit", "mark", "array", "row", "column");

  /**
   * The faults for people.
   *
   * @param shown cells at most
   */
  String table(int shown) {
    var tally = faults.tally();
    String target = faults.target().label();
    String counts =
        Text.of(
            "faulty cells were read %,d times, and %,d %s as others%n",
            tally.faultyCells(), tally.changedWeights(), target);
    if (faults.isTransient()) {
      return Text.of("transient faults of %s, others for each image and layer: ", target) + counts;
    }
    String heading =
        Text.of("%,d of %,d cells of %s are faulty; ", faults.size(), faults.cells(), target)
            + counts;
    if (faults.size() == 0) {
      return heading;
    }
    var table = new TextTable(TITLES);
    faults.list().limit(shown).map(cell -> line(cell, m -> Text.of("%.6f", m))).forEach(table::add);
    String rest =
        faults.size() <= shown
            ? ""
            : Text.of(
                "… and %,d more; --all shows them, --faults-output FILE.parquet keeps them%n",
                faults.size() - shown);
    return heading + System.lineSeparator() + table.render() + rest;
  }

  /** All faults for machines, a line each, with a heading. */
  Stream<String> csv() {
    return Stream.concat(
        Stream.of(ResultFormat.csvLine(TITLES.stream())),
        faults.list().map(cell -> ResultFormat.csvLine(line(cell, Double::toString).stream())));
  }

  private static List<String> line(Cell cell, DoubleFunction<String> mark) {
    var place = cell.place();
    return List.of(
        "" + cell.position(),
        "" + cell.bit(),
        mark.apply(cell.mark()),
        "" + place.array(),
        "" + place.row(),
        "" + place.column());
  }
}
