package org.bitquake.jobs.faultmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.Text;
import org.bitquake.jobs.figure.ArrayPanel;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.memory.MemoryLayout;

/** The picture of one array of a trial's memory. */
public record ArrayMap(TrialMemory memory, long array) {
  /** What there is to see. */
  public String title() {
    return Text.of("Array %d of %s: %s", array, memory.network().name(), memory.model().name());
  }

  /** Its panel, with a heading of its own. */
  public Panel panel(String title) {
    return Panel.of(title, picture());
  }

  /** Names and colours. */
  public static List<Panel> legend() {
    List<Panel> legend = new ArrayList<>();
    for (var reads : FaultyPlace.Reads.values()) {
      legend.add(ArrayPanel.swatch(reads.label(), reads.style()));
    }
    return legend;
  }

  private ArrayPanel picture() {
    var layout = memory.layout();
    var storage = layout.storage();
    return new ArrayPanel(
        title(),
        storage.rows(),
        layout.columns(),
        storage.interleave() ? storage.wordsPerRow() : layout.columns() / storage.wordsPerRow(),
        groupName(),
        regions(),
        memory.in(array).stream()
            .map(
                it ->
                    new ArrayPanel.Cell(it.place().row(), it.place().column(), it.reads().style()))
            .toList());
  }

  private String groupName() {
    if (!memory.layout().storage().interleave()) {
      return "word";
    }
    return memory.layout().bitsPerCell() == 1 ? "bit" : "cell";
  }

  /** Runs of rows by what their first column holds. */
  private List<ArrayPanel.Region> regions() {
    var layout = memory.layout();
    int rows = layout.storage().rows();
    Map<Integer, int[]> ends = new LinkedHashMap<>();
    for (int row = 0; row < rows; row++) {
      long cell = layout.cellAt(array * rows + row, 0);
      if (cell != MemoryLayout.NO_CELL) {
        int[] its = ends.computeIfAbsent(MemoryLayout.layer(cell), l -> new int[2]);
        its[0] = its[1] == 0 ? row : its[0];
        its[1] = row + 1;
      }
    }
    var names = memory.network().network().weightLayers();
    return ends.entrySet().stream()
        .map(
            e ->
                new ArrayPanel.Region(
                    names.get(e.getKey()).name(), e.getKey(), e.getValue()[0], e.getValue()[1]))
        .toList();
  }
}
