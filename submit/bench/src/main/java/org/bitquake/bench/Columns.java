package org.bitquake.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bitquake.jobs.console.TextTable;

/** A table that shows no column without a value. */
final class Columns {
  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  Columns(String... titles) {
    this.titles = List.of(titles);
  }

  /** Adds a row; null where there is no value. */
  void add(String... cells) {
    rows.add(Arrays.asList(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String render() {
    int[] shown =
        IntStream.range(0, titles.size())
            .filter(c -> rows.stream().anyMatch(row -> row.get(c) != null))
            .toArray();
    var table = new TextTable(pick(titles, shown));
    rows.forEach(row -> table.add(pick(row, shown)));
    return table.render();
  }

  private static List<String> pick(List<String> cells, int[] columns) {
    return Arrays.stream(columns).mapToObj(cells::get).toList();
  }
}
