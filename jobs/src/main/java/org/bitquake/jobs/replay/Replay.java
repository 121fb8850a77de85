package org.bitquake.jobs.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.TableStore;

/**
 * A row run again, twice: with the fastest engine; and from the definitions, with the reference
 * engine.
 *
 * @param subject the row of the table, and what it was run on
 * @param again the row that the campaign's own code gives now
 * @param engine name of the engine behind {@code again}
 * @param faults what the definitions give
 * @param images the same, image by image
 * @param reference the same, for each column of results, in the table's order
 * @param dataVerified whether the data set's SHA-256 was known and compared
 */
public record Replay(
    Subject subject,
    Row again,
    String engine,
    FaultList faults,
    ImageChanges images,
    Map<String, Object> reference,
    boolean dataVerified) {

  /**
   * Where the files are.
   *
   * @param networkFile instead of the one that the table {@code networks} names
   * @param data where the images lie; empty for where the configuration says, and for a data set by
   *     name what travels in the jar
   * @param chips folder of measured chips; empty for where the configuration says
   */
  public record Files(Optional<String> networkFile, Optional<String> data, Optional<String> chips) {
    /** With the chips where the configuration says. */
    public Files(Optional<String> networkFile, Optional<String> data) {
      this(networkFile, data, Optional.empty());
    }
  }

  /**
   * One value that is not the same everywhere; null where there is none.
   *
   * @param column of the table
   * @param recorded in the table
   * @param again by the campaign's code
   * @param reference by the reference engine; null for columns that it says nothing about
   */
  public record Difference(String column, Object recorded, Object again, Object reference) {}

  /**
   * Finds a row and runs it.
   *
   * @param wanted values of some of the columns that tell rows apart; the others must follow
   * @throws InputException if it cannot be found, or a file it needs is missing or another one
   */
  public static Replay run(
      SparkSession spark, TableStore store, Map<String, Object> wanted, Files files)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var table = ReplayTable.of(store);
    var row = table.read(new RowFinder(spark, store, table).find(wanted));
    var inputs = ReplayInputs.of(spark, store, row, hadoop);
    var data = RecordedData.of(store.root().toString(), files, hadoop);
    var subject = inputs.load(files.networkFile(), data);
    return of(subject, Engines::prepare, inputs.origin().isPresent());
  }

  /**
   * Runs a row that is known.
   *
   * @param origin the network's row of the table {@code networks}, where there is one
   * @param networkFile instead of the one that the table names
   * @throws InputException as the other
   */
  public static Replay run(
      ReplayTable table,
      Row row,
      Optional<Row> origin,
      Optional<String> networkFile,
      RecordedData data,
      Configuration hadoop)
      throws IOException {
    var inputs = new ReplayInputs(table.read(row), origin, hadoop);
    return of(inputs.load(networkFile, data), Engines::prepare, origin.isPresent());
  }

  static Replay of(Subject subject, EngineSource engines, boolean dataVerified) {
    var name = new ArrayList<String>();
    Row again =
        subject
            .one()
            .run(
                network -> {
                  Engine engine = engines.prepare(network);
                  name.add(engine.name());
                  return engine;
                });
    var faults = subject.faults();
    try (var engine = new ReferenceEngine(subject.one().network())) {
      var images = ImageChanges.of(engine, faults, subject.one().data(), subject.one().images());
      var reference = subject.results(faults, images);
      return new Replay(subject, again, name.get(0), faults, images, reference, dataVerified);
    }
  }

  /** A column of the row of the table; null where it has no value. */
  public Object recorded(String column) {
    return subject.recorded().row().getAs(column);
  }

  /** A column of the row that the campaign's own code gives now. */
  public Object again(String column) {
    return again.get(subject.recorded().row().fieldIndex(column));
  }

  /** Why the run fails now too; empty if it does not. */
  public Optional<String> error() {
    return Optional.ofNullable((String) again("error"));
  }

  /**
   * Everything that is not the same; nothing if all is well. A row of a failed run has no result to
   * compare.
   */
  public List<Difference> differences() {
    boolean failed = subject.recorded().error().isPresent();
    List<Difference> differences = new ArrayList<>();
    for (String column : subject.recorded().row().schema().fieldNames()) {
      Object recorded = recorded(column);
      Object now = again(column);
      Object defined = reference.get(column);
      boolean compared = !failed || subject.isKnownOfFailed(column, recorded);
      boolean same = !compared || Objects.equals(recorded, now);
      boolean sure = defined == null || now == null || now.equals(defined);
      if (!same || !sure) {
        differences.add(new Difference(column, recorded, now, defined));
      }
    }
    return differences;
  }
}
