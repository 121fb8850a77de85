package org.bitquake.jobs.sql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** Values of result rows as text. */
final class CellText {
  private static final MathContext SIX_DIGITS = new MathContext(6);
  private static final double SMALLEST_PLAIN = 1e-5;
  private static final double LARGEST_PLAIN = 1e12;

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
      return round ? number(((Number) value).doubleValue()) : value.toString();
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

  private static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    var rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN
        ? rounded.toPlainString()
        : rounded.toString().replace("E+", "E");
  }
}
