package org.bitquake.jobs.sql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.bitquake.jobs.console.TextTable;

/** How the rows of a result are printed. */
public enum ResultFormat {
  /** Aligned columns for people, fractions to six digits, at most {@link #SHOWN} rows. */
  TABLE {
    @Override
    public void print(Dataset<Row> result, PrintWriter out, int width) {
      var table = new TextTable(List.of(result.columns()));
      var rows = result.limit(SHOWN + 1).collectAsList();
      rows.stream().limit(SHOWN).forEach(row -> table.add(texts(row, CellText::rounded)));
      out.print(table.render(width));
      if (rows.size() > SHOWN) {
        out.printf(Locale.ROOT, "… only the first %d rows; use --format csv for all%n", SHOWN);
      }
    }
  },

  /**
   * A header and quotes as in RFC 4180, but lines that end with LF, as the shell's tools expect;
   * null is empty, an empty text is quoted.
   */
  CSV {
    @Override
    public void print(Dataset<Row> result, PrintWriter out, int width) {
      out.print(csvLine(Arrays.stream(result.columns())));
      result
          .toLocalIterator()
          .forEachRemaining(row -> out.print(csvLine(texts(row, CellText::exact).stream())));
    }
  },

  /** One array of objects, an object a line; NaN and infinities are texts, as JSON has none. */
  JSON {
    @Override
    public void print(Dataset<Row> result, PrintWriter out, int width) {
      var keepNulls = Map.of("ignoreNullFields", "false");
      var lines = result.select(to_json(struct(col("*")), keepNulls)).toLocalIterator();
      out.print("[");
      String separator = "\n";
      while (lines.hasNext()) {
        out.print(separator + lines.next().getString(0));
        separator = ",\n";
      }
      out.print("\n]\n");
    }
  },

  /** A table for documents, numbers to the right; fractions to six digits. */
  MARKDOWN {
    @Override
    public void print(Dataset<Row> result, PrintWriter out, int width) {
      out.print(markdown(Arrays.stream(result.columns())));
      out.print(markdown(Arrays.stream(result.schema().fields()).map(f -> rule(f.dataType()))));
      result
          .toLocalIterator()
          .forEachRemaining(row -> out.print(markdown(texts(row, CellText::rounded).stream())));
    }
  };

  /** Rows that a table for people has at most. */
  static final int SHOWN = 10_000;

  /** As people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Computes and prints a result.
   *
   * @param width columns of the terminal, for {@link #TABLE}
   */
  public abstract void print(Dataset<Row> result, PrintWriter out, int width);

  private static List<String> texts(Row row, Function<Object, String> text) {
    return IntStream.range(0, row.size()).mapToObj(i -> text.apply(row.get(i))).toList();
  }

  /** One record of {@link #CSV} with its line end. */
  public static String csvLine(Stream<String> fields) {
    return fields.map(ResultFormat::csvField).collect(Collectors.joining(",", "", "\n"));
  }

  private static String csvField(String field) {
    if (field == null) {
      return "";
    }
    boolean plain =
        !field.isEmpty()
            && field.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private static String rule(DataType type) {
    return type instanceof NumericType ? "--:" : "---";
  }

  private static String markdown(Stream<String> cells) {
    return cells
        .map(
            c ->
                c == null
                    ? ""
                    : c.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", "<br>"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
