package org.bitquake.jobs.report;

import static j2html.TagCreator.*;

import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bitquake.Text;

/** The rows of an answer as a table that can be sorted. */
final class TableHtml {
  /** More are left to SQL. */
  private static final int MOST = 300;

  /** Texts that are longer open on demand. */
  private static final int LONGEST = 60;

  /** Texts that are no longer stay on one line. */
  private static final int SHORTEST = 15;

  private TableHtml() {}

  static DomContent of(Answer answer, String caption) {
    List<Map<String, Object>> shown = answer.rows().stream().limit(MOST).toList();
    String more =
        shown.size() == answer.rows().size()
            ? ""
            : Text.of(
                " The first %,d of %,d rows; the SQL gives all.",
                shown.size(), answer.rows().size());
    return div(table(
            caption(caption + more),
            thead(tr(each(answer.columns(), column -> head(column, isNumeric(column, shown))))),
            tbody(each(shown, row -> row(answer.columns(), row)))))
        .withClass("scroll")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Table: " + caption);
  }

  private static DomContent head(String column, boolean numeric) {
    return th(button(column.replace('_', ' ')).withType("button"))
        .withCondClass(numeric, "number")
        .attr("scope", "col")
        .attr("aria-sort", "none");
  }

  private static boolean isNumeric(String column, List<Map<String, Object>> rows) {
    return rows.stream()
        .map(row -> row.get(column))
        .filter(Objects::nonNull)
        .noneMatch(value -> Numbers.sortKey(value).isEmpty());
  }

  private static DomContent row(List<String> columns, Map<String, Object> row) {
    return tr(
        each(
            columns, column -> cell(row.get(column)).attr("data-label", column.replace('_', ' '))));
  }

  private static TdTag cell(Object value) {
    String text = Numbers.text(value);
    String key = Numbers.sortKey(value);
    if (!key.isEmpty()) {
      return td(text).withClass("number").attr("data-sort", key);
    }
    return value != null && text.length() > LONGEST
        ? td(
            details(
                summary(text.substring(0, text.offsetByCodePoints(0, 12)) + "…"),
                tag("bdi").withText(text)))
        : td(tag("bdi").withText(text)).withCondClass(text.length() <= SHORTEST, "short");
  }
}
