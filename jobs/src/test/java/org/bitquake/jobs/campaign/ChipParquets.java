package org.bitquake.jobs.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageTypeParser;

/** Chips as Parquet files, as other programs write them. */
final class ChipParquets {
  private ChipParquets() {}

  /** Writes the lines of a CSV file of thresholds. */
  static void write(Path csv, Path file, Map<String, String> metadata) throws IOException {
    List<String> lines =
        Files.readAllLines(csv).stream().filter(line -> line.matches("[0-9].*")).toList();
    var schema =
        MessageTypeParser.parseMessageType(
            """
            message chip {
              optional double threshold_voltage;
              required int32 array;
              optional int64 row;
              optional int64 column;
              required binary effect (STRING);
            }
            """);
    var rows = new SimpleGroupFactory(schema);
    var output =
        HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
    try (var writer =
        ExampleParquetWriter.builder(output)
            .withType(schema)
            .withExtraMetaData(metadata)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (String line : lines) {
        String[] values = line.split(",", -1);
        writer.write(
            rows.newGroup()
                .append("array", Integer.parseInt(values[0]))
                .append("row", Long.parseLong(values[1]))
                .append("column", Long.parseLong(values[2]))
                .append("effect", values[3])
                .append("threshold_voltage", Double.parseDouble(values[4])));
      }
    }
  }
}
