package org.bitquake.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Compares the files of one table with its manifests, byte by byte, and goes on after a finding.
 *
 * @param findings a line each; nothing if all is well
 * @param leftovers what no manifest names and nobody reads, as of a killed run
 * @param facts of each sound part, by its name
 * @param rows as the manifests of sound parts say
 */
public record Audit(
    List<String> findings,
    List<String> leftovers,
    Map<String, Map<String, String>> facts,
    long rows) {

  /** Whether the table can be read. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /**
   * Audits a table.
   *
   * @param job the hash that begins the name of each of its parts
   */
  public static Audit of(SparkSession spark, TableStore store, String table, String job) {
    return new Auditor(spark, store, table, job).audit();
  }

  private static final class Auditor {
    private final ParquetToSparkSchemaConverter converter;
    private final TableStore store;
    private final String table;
    private final String job;
    private final Configuration hadoop;
    private final StoreFiles files;
    private final List<String> findings = new ArrayList<>();
    private final Map<String, Map<String, String>> facts = new TreeMap<>();
    private final Set<String> named = new TreeSet<>();
    private long rows;

    Auditor(SparkSession spark, TableStore store, String table, String job) {
      this.converter = new ParquetToSparkSchemaConverter(spark.sessionState().conf());
      this.store = store;
      this.table = table;
      this.job = job;
      this.hadoop = spark.sessionState().newHadoopConf();
      this.files = StoreFiles.of(store.root(), hadoop);
    }

    Audit audit() {
      for (String part : store.parts(table)) {
        try {
          audit(store.manifest(table, part));
        } catch (InputException e) {
          findings.add(e.getMessage());
        }
      }
      return new Audit(List.copyOf(findings), List.copyOf(leftovers()), Map.copyOf(facts), rows);
    }

    private void audit(Manifest manifest) {
      int before = findings.size();
      if (!manifest.part().startsWith(job)) {
        findings.add(
            Text.of(
                "%s: part %s belongs to another job, not to %s",
                store.place(), manifest.part(), job));
      }
      for (var file : manifest.files()) {
        Path path = new Path(new Path(store.root(), table), file.path());
        if (!named.add(file.path())) {
          findings.add(path + ": named by more than one manifest: its rows are there twice");
        }
        try {
          audit(file, path, manifest.schema());
        } catch (IOException | InputException e) {
          findings.add(damaged(path, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) { // Parquet's, for bytes that are none of its
          findings.add(damaged(path, String.valueOf(e.getMessage())));
        }
      }
      if (findings.size() == before) {
        facts.put(manifest.part(), manifest.facts());
        rows += manifest.rows();
      }
    }

    private void audit(Manifest.DataFile file, Path path, String schema) throws IOException {
      if (!files.exists(path)) {
        findings.add(damaged(path, "missing"));
        return;
      }
      if (!files.sha256(path).equals(file.sha256())) {
        findings.add(damaged(path, "other bytes than were written"));
        return;
      }
      try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
        if (reader.getRecordCount() != file.rows()) {
          findings.add(
              damaged(path, Text.of("%d rows, not %d", reader.getRecordCount(), file.rows())));
        }
        StructType found = converter.convert(reader.getFileMetaData().getSchema());
        if (!Tables.fingerprint(found).equals(schema)) {
          findings.add(damaged(path, "other columns than the table's"));
        }
      }
    }

    private static String damaged(Path path, String how) {
      return Text.of("%s: damaged data file: %s", path, how.replaceAll("\\s+", " "));
    }

    private List<String> leftovers() {
      Set<String> directories = new TreeSet<>();
      named.forEach(path -> directories.add(path.substring(0, path.indexOf('/'))));
      List<String> left = new ArrayList<>();
      for (var status : files.list(new Path(store.root(), table))) {
        String name = status.getPath().getName();
        if (!directories.contains(name)) {
          left.add(table + "/" + name);
        } else {
          files.list(status.getPath()).stream()
              .map(file -> name + "/" + file.getPath().getName())
              .filter(path -> path.endsWith(".parquet") && !named.contains(path))
              .forEach(path -> left.add(table + "/" + path));
        }
      }
      return left;
    }
  }
}
