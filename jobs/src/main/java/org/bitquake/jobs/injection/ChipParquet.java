package org.bitquake.jobs.injection;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.Chip.Form;
import org.bitquake.fault.pattern.Chip.Measure;
import org.bitquake.fault.pattern.ChipBuilder;

/**
 * Reads a chip from a Parquet file: the columns of {@link org.bitquake.fault.pattern.ChipTable}, in
 * any order, and what its comments declare as metadata of the file, {@code arrays}, {@code rows}
 * and {@code columns}.
 */
final class ChipParquet {
  private static final List<String> WHOLE = List.of("array", "row", "column");
  private static final String EFFECT = "effect";
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  private final Path path;
  private final Configuration hadoop;

  private ChipParquet(Path path, Configuration hadoop) {
    this.path = path;
    this.hadoop = hadoop;
  }

  /**
   * Reads a file.
   *
   * @param sha256 of it
   * @throws InputException that names the file, and the row where there is one
   */
  static Chip read(Path path, String name, String sha256, Configuration hadoop) {
    try {
      return new ChipParquet(path, hadoop).read(name, sha256);
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      boolean ours = e instanceof IOException || e instanceof ParquetRuntimeException;
      String reason = ours ? String.valueOf(e.getMessage()).lines().findFirst().orElse("") : "";
      throw new InputException(
          Text.of(
              "%s: no Parquet file that can be read, or damaged%s",
              path, reason.isBlank() ? "" : ": " + reason),
          e);
    }
  }

  private Chip read(String name, String sha256) throws IOException {
    MessageType schema;
    Form form;
    try (var file = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      schema = file.getFileMetaData().getSchema();
      form = form(file.getFileMetaData().getKeyValueMetaData());
    }
    var measure = measure(schema);
    var builder = new ChipBuilder(form, measure);
    int row = 0;
    try (var rows = ParquetReader.builder(new GroupReadSupport(), path).withConf(hadoop).build()) {
      for (Group its = rows.read(); its != null; its = rows.read()) {
        add(builder, its, row++, measure);
      }
    }
    try {
      return builder.build(name, sha256);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private void add(ChipBuilder builder, Group its, int row, Measure measure) {
    for (var column : its.getType().getFields()) {
      if (its.getFieldRepetitionCount(column.getName()) != 1) {
        throw wrong(Text.of("row %d has no %s", row, column.getName()));
      }
    }
    try {
      builder.add(
          row,
          whole(its, "array"),
          whole(its, "row"),
          whole(its, "column"),
          its.getString(EFFECT, 0),
          its.getDouble(measure.label(), 0));
    } catch (IllegalArgumentException e) {
      throw wrong(Text.of("row %d: %s", row, e.getMessage()));
    }
  }

  private static long whole(Group its, String column) {
    boolean wide =
        its.getType().getType(column).asPrimitiveType().getPrimitiveTypeName()
            == PrimitiveTypeName.INT64;
    return wide ? its.getLong(column, 0) : its.getInteger(column, 0);
  }

  private Form form(Map<String, String> metadata) {
    try {
      return new Form(
          declared(metadata, "arrays"), declared(metadata, "rows"), declared(metadata, "columns"));
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private int declared(Map<String, String> metadata, String what) {
    return Optional.ofNullable(metadata.get(what))
        .filter(value -> COUNT.matcher(value).matches())
        .map(Integer::valueOf)
        .orElseThrow(
            () -> wrong(Text.of("its metadata do not say how many %s; add %s: 256", what, what)));
  }

  private Measure measure(MessageType schema) {
    List<Measure> measures =
        List.of(Measure.values()).stream()
            .filter(its -> is(schema, its.label(), PrimitiveTypeName.DOUBLE))
            .toList();
    boolean known =
        measures.size() == 1
            && schema.getFieldCount() == WHOLE.size() + 2
            && is(schema, EFFECT, PrimitiveTypeName.BINARY)
            && WHOLE.stream()
                .allMatch(
                    its ->
                        is(schema, its, PrimitiveTypeName.INT32)
                            || is(schema, its, PrimitiveTypeName.INT64));
    if (!known) {
      throw wrong(
          Text.of(
              "the columns are %s; write whole numbers array, row, column, text effect, and either"
                  + " a double %s or %s",
              String.join(", ", schema.getFields().stream().map(f -> f.getName()).toList()),
              Measure.PROBABILITY.label(),
              Measure.THRESHOLD.label()));
    }
    return measures.get(0);
  }

  private static boolean is(MessageType schema, String column, PrimitiveTypeName type) {
    return schema.containsField(column)
        && schema.getType(column).isPrimitive()
        && schema.getType(column).asPrimitiveType().getPrimitiveTypeName() == type;
  }

  private InputException wrong(String fact) {
    return new InputException(path + ": " + fact);
  }
}
