package org.bitquake.jobs.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;

/**
 * The looks of the networks of a page: the same in all its figures.
 *
 * @param networks by name
 */
record Styles(List<String> networks) {
  static Styles of(Collection<String> networks) {
    return new Styles(networks.stream().distinct().sorted().toList());
  }

  int of(String network) {
    return Math.max(0, networks.indexOf(network));
  }

  /** A series for each network of an answer. */
  List<XyPanel.Series> series(
      Answer answer, XyPanel.Form form, Function<Map<String, Object>, XyPanel.Point> point) {
    return series(answer, "network", form, point);
  }

  /** A series for each text of a column. */
  List<XyPanel.Series> series(
      Answer answer,
      String column,
      XyPanel.Form form,
      Function<Map<String, Object>, XyPanel.Point> point) {
    return answer.distinct(column).stream()
        .sorted()
        .map(
            n ->
                new XyPanel.Series(
                    n, of(n), form, answer.where(column, n).stream().map(point).toList()))
        .toList();
  }

  List<Panel> legend(List<String> shown) {
    return shown.stream().distinct().sorted().map(n -> new Panel(n, Panel.swatch(of(n)))).toList();
  }
}
