package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.jobs.protect.Advice;

/** What a search for the cheapest protection of each network found. */
record SearchSection(Results results) {
  private static final List<String> SHOWN =
      List.of(
          "network",
          "target",
          "confirmed",
          "protection",
          "encoding",
          "added_cells",
          "added_area",
          "accuracy",
          "at_least",
          "uniform_area");

  Optional<Section> section() {
    return results
        .ask("protect-winners.sql", "protection_frontier", "protection_steps")
        .flatMap(
            winners ->
                results
                    .ask("protect.sql", "protection_frontier", "protection_steps")
                    .map(all -> section(winners, all)));
  }

  private static Section section(Answer winners, Answer all) {
    var table =
        Figure.table(
            "The cheapest protection that keeps each network's target: \"harden conv1:23\" is bits 2"
                + " and 3 of layer conv1 in cells that do not fail. Areas are % of the area of the"
                + " weights' cells; the last is of the cheapest that is alike in all layers and reached"
                + " the target in the search.",
            winners.only(SHOWN));
    return new Section(
        "What the cheapest protection is",
        lead(winners, all),
        List.of(table, new SearchFigure(all).figure()));
  }

  private static String lead(Answer winners, Answer all) {
    List<String> sentences = new ArrayList<>();
    var confirmed =
        winners.where("confirmed", true).stream()
            .sorted((a, b) -> Double.compare(number(a, "added_area"), number(b, "added_area")))
            .toList();
    if (!confirmed.isEmpty()) {
      sentences.add(found(confirmed, winners.rows().size()));
      sentences.add(
          Text.of(
              "With %s %% confidence all of that holds at once: it is of fresh trials, and takes"
                  + " into account that the protections were chosen.",
              Numbers.text(confirmed.get(0).get("confidence"))));
      sentences.add(byHand(confirmed));
    }
    for (var row : winners.where("confirmed", false)) {
      sentences.add(notReached(row, all.where("network", row.get("network"))));
    }
    return String.join(" ", sentences);
  }

  /** What is confirmed, the cheapest first. */
  private static String found(List<Map<String, Object>> confirmed, int networks) {
    var least = confirmed.get(0);
    var most = confirmed.get(confirmed.size() - 1);
    if (networks == 1) {
      return Text.of(
          "%s keeps its %.2f %% %s, codes in %s.",
          least.get("network"),
          number(least, "target"),
          least.get("protection").equals("none")
              ? "without a protection"
              : Text.of("for %s: %s", area(least, "added_area"), least.get("protection")),
          least.get("encoding"));
    }
    String of =
        confirmed.size() == networks
            ? Text.of("All %d networks keep their targets", networks)
            : Text.of("%d of %d networks keep their targets", confirmed.size(), networks);
    return confirmed.size() == 1
        ? Text.of("%s: %s, for %s.", of, least.get("network"), area(least, "added_area"))
        : Text.of(
            "%s, %s for %s and %s, which needs the most, for %s.",
            of,
            least.get("network"),
            area(least, "added_area"),
            most.get("network"),
            area(most, "added_area"));
  }

  /** What the same would cost if all layers were protected alike. */
  private static String byHand(List<Map<String, Object>> confirmed) {
    Map<String, List<String>> networks = new LinkedHashMap<>();
    for (var row : confirmed) {
      String what =
          row.get("uniform_area") == null
              ? "nothing"
              : Text.of("%s for %s", row.get("uniform"), area(row, "uniform_area"));
      networks.computeIfAbsent(what, w -> new ArrayList<>()).add((String) row.get("network"));
    }
    List<String> each = new ArrayList<>();
    networks.forEach((what, its) -> each.add(what + " (" + String.join(", ", its) + ")"));
    return "Of what protects all layers alike, the cheapest that reached the target in the search is "
        + String.join("; ", each)
        + ".";
  }

  private static String notReached(Map<String, Object> row, List<Map<String, Object>> all) {
    boolean seen =
        all.stream().anyMatch(its -> number(its, "accuracy", 0) >= number(its, "target"));
    return Text.of(
        "Not reached: %.2f %% in %s. The most accurate, %s in %s, keeps %.2f %% for %s; %s.",
        number(row, "target"),
        row.get("network"),
        row.get("protection"),
        row.get("encoding"),
        number(row, "accuracy", 0),
        area(row, "added_area"),
        Advice.of(seen));
  }

  private static String area(Map<String, Object> row, String column) {
    double area = number(row, column);
    return area == 0 ? "no more area" : Text.of("%s %% more area", Numbers.threeDigits(area));
  }
}
