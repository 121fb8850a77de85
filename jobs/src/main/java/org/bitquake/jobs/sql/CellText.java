package org.bitquake.jobs.sql;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.bitquake.jobs.console.SixDigits;
import scala.collection.JavaConverters;

/** Values of result rows as text. */
final class CellText {
  private CellText() {}

  /** The whole value; null stays null. */
  static String exact(Object value) {
    return text(value, false);
  }

  /** Fractions to six significant digits, for reading; null stays null. */
  static String rounded(Object value) {
    return text(value, true);
  }

  private static String text(Object value, boolean round) {
    if (value == null) {
      return null;
    }
    if (value instanceof Double || value instanceof Float) {
      return round ? SixDigits.text(((Number) value).doubleValue()) : value.toString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof scala.collection.Seq<?> seq) {
      return JavaConverters.seqAsJavaList(seq).stream()
          .map(element -> text(element, round))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      return map(JavaConverters.mapAsJavaMap(map), round);
    }
    return value instanceof Row row ? struct(row, round) : value.toString();
  }

  private static String map(Map<?, ?> map, boolean round) {
    return map.entrySet().stream()
        .map(e -> text(e.getKey(), round) + ": " + text(e.getValue(), round))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String struct(Row row, boolean round) {
    var text = new StringBuilder("{");
    for (int i = 0; i < row.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(row.schema().fieldNames()[i]).append(": ");
      text.append(text(row.get(i), round));
    }
    return text.append('}').toString();
  }
}
