package org.bitquake.jobs.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.UnwritableException;

/** Writes the Parquet files of one part. */
record PartWriter(StoreFiles files, Configuration hadoop) {
  /**
   * Writes rows to a directory that does not exist yet.
   *
   * @param schema of the table, whose comments go into the files
   * @return the files, none of them named by a manifest yet
   * @throws IllegalStateException if they do not hold as many rows as were computed
   */
  List<Manifest.DataFile> write(Dataset<Row> rows, StructType schema, Path directory) {
    long expected;
    try {
      var here = HereWriter.of(rows);
      expected =
          here.isPresent() ? here.get().write(schema, directory) : inTasks(rows, schema, directory);
    } catch (Exception | FSError e) { // Scala does not declare SparkException
      throw refusal(e, directory);
    }
    List<Manifest.DataFile> written = new ArrayList<>();
    for (var status : files.list(directory)) {
      if (status.getPath().getName().endsWith(".parquet")) {
        written.add(describe(directory.getName(), status.getPath(), status.getLen()));
      }
    }
    long found = written.stream().mapToLong(Manifest.DataFile::rows).sum();
    if (found != expected) {
      throw new IllegalStateException(
          Text.of(
              "%s holds %d rows, %d were computed: does another run write to the same directory?",
              directory, found, expected));
    }
    return written;
  }

  /** Returns how many rows were computed. */
  private static long inTasks(Dataset<Row> rows, StructType schema, Path directory) {
    var computed = new Observation();
    var columns = Arrays.stream(schema.fields()).map(f -> col(f.name()).as(f.name(), f.metadata()));
    rows.observe(computed, count(lit(1)).as("rows"))
        .select(columns.toArray(Column[]::new))
        .write()
        .mode(SaveMode.ErrorIfExists)
        .parquet(directory.toString());
    return rows(computed);
  }

  /** One line where the file system refuses, in a task or here; what was thrown otherwise. */
  private static RuntimeException refusal(Throwable failure, Path directory) {
    var refusal = Refusal.behind(failure);
    if (refusal.isPresent()) {
      return new UnwritableException(
          Text.of("%s: cannot be written: %s; %s", directory, refusal.get(), Refusal.fix()),
          failure);
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private static long rows(Observation computed) {
    try {
      return (Long) computed.getAsJava().get("rows");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the rows were counted", e);
    }
  }

  private Manifest.DataFile describe(String directory, Path file, long length) {
    try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      return new Manifest.DataFile(
          directory + "/" + file.getName(), length, reader.getRecordCount(), files.sha256(file));
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read back: " + e.getMessage(), e);
    }
  }
}
