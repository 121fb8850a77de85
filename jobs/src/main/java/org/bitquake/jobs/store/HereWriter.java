package org.bitquake.jobs.store;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Writes rows that are in this process already, byte by byte as one task of a Spark job would: to
 * plan and run the job takes longer than the rows of a table of results.
 *
 * @param rows the relation that holds them
 */
record HereWriter(SparkSession spark, LocalRelation rows) {
  private static final String SUCCESS = "_SUCCESS";

  /** A writer for a list of rows that was made a frame of one partition; empty for others. */
  static Optional<HereWriter> of(Dataset<Row> rows) {
    return rows.queryExecution().analyzed() instanceof Repartition one
            && one.numPartitions() == 1
            && !one.shuffle()
            && one.child() instanceof LocalRelation local
        ? Optional.of(new HereWriter(rows.sparkSession(), local))
        : Optional.empty();
  }

  /**
   * Writes one file, named as Spark names them, and the empty one that it marks its end with.
   *
   * @param schema of the table, whose comments go into the file
   * @param directory that does not exist yet
   * @return the number of rows
   */
  long write(StructType schema, Path directory) throws IOException {
    var job = Job.getInstance(spark.sessionState().newHadoopConf());
    var columns = columns(schema);
    var files =
        new ParquetFileFormat()
            .prepareWrite(spark, job, scala.collection.immutable.Map$.MODULE$.empty(), columns);
    TaskAttemptContext task =
        new TaskAttemptContextImpl(job.getConfiguration(), new TaskAttemptID());
    String name = "part-00000-" + UUID.randomUUID() + "-c000" + files.getFileExtension(task);
    long written = 0;
    var writer = files.newInstance(new Path(directory, name).toString(), columns, task);
    try {
      for (InternalRow row : JavaConverters.asJavaIterable(rows.data())) {
        writer.write(row);
        written++;
      }
    } finally {
      writer.close();
    }
    directory
        .getFileSystem(job.getConfiguration())
        .create(new Path(directory, SUCCESS), false)
        .close();
    return written;
  }

  /** The table's, each as nullable as the rows say. */
  private StructType columns(StructType schema) {
    var columns = new StructType();
    for (int i = 0; i < schema.size(); i++) {
      var field = schema.apply(i);
      boolean nullable = rows.output().apply(i).nullable();
      columns = columns.add(field.name(), field.dataType(), nullable, field.metadata());
    }
    return columns;
  }
}
