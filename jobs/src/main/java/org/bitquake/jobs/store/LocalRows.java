package org.bitquake.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;

/**
 * Rows of Parquet files read in this process. A table of some hundred rows is here long before
 * Spark has planned its first job.
 */
final class LocalRows {
  private LocalRows() {}

  /**
   * Reads whole files, one after the other.
   *
   * @param schema of the table, of texts, numbers and truth values; a column that a file lacks is
   *     null
   * @throws InputException if a file cannot be read
   */
  static List<Row> read(List<String> paths, StructType schema, Configuration hadoop) {
    List<Row> rows = new ArrayList<>();
    for (String path : paths) {
      try (var reader = new Groups(HadoopInputFile.fromPath(new Path(path), hadoop)).build()) {
        for (Group group = reader.read(); group != null; group = reader.read()) {
          rows.add(row(group, schema));
        }
      } catch (IOException | RuntimeException e) { // Parquet throws either for what is no Parquet
        throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return rows;
  }

  /** A reader with the file's settings; that of a path would first parse all defaults again. */
  private static final class Groups extends ParquetReader.Builder<Group> {
    Groups(HadoopInputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  private static Row row(Group group, StructType schema) {
    StructField[] fields = schema.fields();
    var values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      String name = fields[i].name();
      if (group.getType().containsField(name) && group.getFieldRepetitionCount(name) > 0) {
        values[i] = value(group, name, fields[i].dataType());
      }
    }
    return new GenericRowWithSchema(values, schema);
  }

  private static Object value(Group group, String name, DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return group.getString(name, 0);
    }
    if (type.equals(DataTypes.DoubleType)) {
      return group.getDouble(name, 0);
    }
    if (type.equals(DataTypes.LongType)) {
      return group.getLong(name, 0);
    }
    if (type.equals(DataTypes.IntegerType)) {
      return group.getInteger(name, 0);
    }
    if (type.equals(DataTypes.BooleanType)) {
      return group.getBoolean(name, 0);
    }
    throw new IllegalArgumentException("no column of type " + type.simpleString());
  }
}
