package org.bitquake.jobs.replay;

import java.io.IOException;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.memory.MemoryLayout;

/**
 * The faults of a trial as one Parquet file, a row for each faulty cell, with the columns that name
 * the trial in the table {@code trials} and, where faults depend on it, its place in memory. Cells
 * of activations and offsets have a position in place of a weight. Written row by row: a large
 * network has millions.
 */
public final class FaultFile {
  private static final String TRIAL =
      """
      message faults {
        required binary network (STRING);
        required binary kind (STRING);
        required double rate;
        required int64 trial;
      """;

  private static final String WEIGHT =
      """
        required binary layer (STRING);
        required int32 filter;
        required int32 index;
        required int32 bit;
        required int32 before;
        required int32 after;
        required double mark;
      """;

  private static final String POSITION =
      """
        required int32 position;
        required int32 bit;
        required double mark;
      """;

  private static final String PLACE =
      """
        required int64 array;
        required int32 row;
        required int32 column;
      """;

  private final Path path;
  private final Configuration hadoop;

  /**
   * @param file a Hadoop path that does not exist yet
   * @throws InputException if it does, or its file system is unknown
   */
  public FaultFile(String file, Configuration hadoop) {
    this.hadoop = hadoop;
    try {
      var given = new Path(file);
      var files = given.getFileSystem(hadoop);
      this.path = given.makeQualified(files.getUri(), files.getWorkingDirectory());
      if (files.exists(path)) {
        throw exists();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(Text.of("%s: cannot be written: %s", file, e.getMessage()), e);
    }
  }

  /** The file, with its scheme. */
  public Path path() {
    return path;
  }

  /**
   * Writes the faults under another name in the same directory first, then renames the file.
   *
   * @throws InputException if the file has come to be in the meantime, or cannot be written; if the
   *     faults are transient, too many to list
   */
  public void write(TrialRow trial, FaultList faults) {
    if (faults.buffer().filter(BufferFaultList::isTransient).isPresent()) {
      throw new InputException(
          Text.of(
              "--faults-output: %s: its faults are others for each image and layer, and only"
                  + " counted; leave it out",
              trial.kind().name()));
    }
    var draft = new Path(path.getParent(), path.getName() + "." + UUID.randomUUID() + ".tmp");
    try {
      var context = FileContext.getFileContext(path.toUri(), hadoop);
      try {
        writeRows(draft, trial, faults);
        context.rename(draft, path, Options.Rename.NONE);
      } finally {
        context.delete(draft, false);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (IOException e) {
      throw new InputException(Text.of("%s: cannot be written: %s", path, e.getMessage()), e);
    }
  }

  private void writeRows(Path draft, TrialRow trial, FaultList faults) throws IOException {
    var schema = schema(faults);
    var rows = new SimpleGroupFactory(schema);
    try (var writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(draft, hadoop))
            .withConf(hadoop)
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      Iterator<FaultList.Fault> each = faults.faults().iterator();
      while (each.hasNext()) {
        writer.write(row(named(rows.newGroup(), trial), each.next()));
      }
      if (faults.buffer().isPresent()) {
        Iterator<BufferFaultList.Cell> cells = faults.buffer().get().list().iterator();
        while (cells.hasNext()) {
          writer.write(row(named(rows.newGroup(), trial), cells.next()));
        }
      }
    }
  }

  private static MessageType schema(FaultList faults) {
    String columns =
        faults.buffer().isPresent()
            ? POSITION + PLACE
            : WEIGHT + (faults.layout().isPresent() ? PLACE : "");
    return MessageTypeParser.parseMessageType(TRIAL + columns + "}");
  }

  private static Group named(Group row, TrialRow trial) {
    return row.append("network", trial.network())
        .append("kind", trial.kind().name())
        .append("rate", trial.rate())
        .append("trial", trial.number());
  }

  private static Group row(Group row, BufferFaultList.Cell cell) {
    return placed(
        row.append("position", cell.position())
            .append("bit", cell.bit())
            .append("mark", cell.mark()),
        cell.place());
  }

  private static Group row(Group row, FaultList.Fault fault) {
    row.append("layer", fault.layer())
        .append("filter", fault.filter())
        .append("index", fault.index())
        .append("bit", fault.bit())
        .append("before", fault.before())
        .append("after", fault.after())
        .append("mark", fault.mark().orElseThrow());
    fault.place().ifPresent(place -> placed(row, place));
    return row;
  }

  private static Group placed(Group row, MemoryLayout.Place place) {
    return row.append("array", place.array())
        .append("row", place.row())
        .append("column", place.column());
  }

  private InputException exists() {
    return new InputException(
        path + ": exists already, and is left as it is; choose another --faults-output");
  }
}
