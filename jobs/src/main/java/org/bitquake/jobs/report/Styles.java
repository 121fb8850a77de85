package org.bitquake.jobs.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.figure.XyPanel;

/**
 * The looks of networks: the same in all figures of a directory. Where there are more networks than
 * colours, those that were trained alike look alike.
 *
 * @param names of what looks different: networks, or groups of them
 * @param groups network to group; empty if each network has its own looks
 * @param methods whether networks of a group differ in the seed of their training alone
 */
record Styles(List<String> names, Map<String, String> groups, boolean methods) {
  /** Series that can be told apart with ease: as many as there are colours. */
  static final int MOST = 7;

  /** Ways of training that are still told apart, by marker and dash as well. */
  private static final int MOST_METHODS = 3 * MOST;

  static Styles of(Collection<String> networks) {
    return new Styles(networks.stream().distinct().sorted().toList(), Map.of(), false);
  }

  /**
   * Those of a directory.
   *
   * @param page what its networks look like unless there are many
   */
  static Styles of(Results results, Styles page) {
    if (results.networks().size() <= MOST) {
      return page;
    }
    return results.ask("networks.sql", "networks").flatMap(Styles::grouped).orElse(page);
  }

  /** Of the answer to {@code networks.sql}; empty if they are better shown one by one. */
  static Optional<Styles> grouped(Answer networks) {
    return grouped(networks, "method", MOST)
        .or(() -> grouped(networks, "family", MOST))
        .or(() -> byMethod(networks));
  }

  /**
   * Of the answer to {@code networks.sql}: the ways of training; empty if nothing would look alike.
   */
  static Optional<Styles> byMethod(Answer networks) {
    return grouped(networks, "method", MOST_METHODS);
  }

  private static Optional<Styles> grouped(Answer networks, String column, int most) {
    int groups = networks.distinct(column).size();
    boolean methods = column.equals("method");
    if (networks.rows().stream().anyMatch(row -> row.get(column) == null)
        || groups > most
        || (groups > MOST && 2 * groups > networks.rows().size())) {
      return Optional.empty();
    }
    Map<String, String> group = new TreeMap<>();
    networks.rows().forEach(r -> group.put((String) r.get("network"), (String) r.get(column)));
    return Optional.of(
        new Styles(networks.distinct(column).stream().sorted().toList(), group, methods));
  }

  /** Whether several networks look the same. */
  boolean areGroups() {
    return !groups.isEmpty();
  }

  /** What a network, or whatever else has the looks, is called in legends. */
  String name(String network) {
    return groups.getOrDefault(network, network);
  }

  int of(String network) {
    return Math.max(0, names.indexOf(name(network)));
  }

  /** A series for each network of an answer; thin lines where several look the same. */
  List<XyPanel.Series> series(
      Answer answer, XyPanel.Form form, Function<Map<String, Object>, XyPanel.Point> point) {
    boolean thin = areGroups() && form != XyPanel.Form.POINTS;
    return series(answer, "network", thin ? XyPanel.Form.THIN : form, point);
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

  /** The legend of lines with markers. */
  List<Panel> legend(List<String> shown) {
    return legend(shown, Panel::swatch);
  }

  /**
   * A legend of what a figure draws.
   *
   * @param swatch a piece of it, of a name and a style
   */
  List<Panel> legend(List<String> shown, BiFunction<String, Integer, Panel> swatch) {
    return shown.stream()
        .map(this::name)
        .distinct()
        .sorted()
        .map(n -> swatch.apply(n, of(n)))
        .toList();
  }
}
