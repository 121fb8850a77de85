package org.bitquake.jobs.injection;

import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;

/** A row that says by itself how it came to be, so it can be run again. */
public interface RecordedRow {
  /** The row itself, with the columns of its table. */
  Row row();

  /** Name of the network. */
  String network();

  Encoding encoding();

  /** Seed of the campaign. */
  long seed();

  /** Images of the data set that were looked at. */
  int images();

  /** Content hash of the network. */
  String networkHash();

  /** Name and split, such as {@code fashion-mnist/test}. */
  String dataset();

  /** Why the run failed; empty if it did not. */
  Optional<String> error();

  /**
   * Reads a row.
   *
   * @param reader throws {@link IllegalArgumentException} if a value is one that no campaign writes
   * @throws InputException in that case, or if a value is missing
   */
  static <T> T read(StructType schema, Row row, Function<Row, T> reader) {
    try {
      for (var field : schema.fields()) {
        if (!field.nullable() && row.isNullAt(row.fieldIndex(field.name()))) {
          throw new IllegalArgumentException(field.name() + " is null");
        }
      }
      return reader.apply(row);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          Text.of("the row %s is damaged: %s; run the campaign again", row, e.getMessage()), e);
    }
  }
}
