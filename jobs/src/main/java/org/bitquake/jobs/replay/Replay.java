package org.bitquake.jobs.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.jobs.campaign.EngineSource;
import org.bitquake.jobs.campaign.OneTrial;
import org.bitquake.jobs.campaign.TrialRow;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * A trial run again, twice: as in the campaign, with the fastest engine; and from the definitions,
 * with the reference engine.
 *
 * @param trial the row of the table
 * @param again the row that the campaign's own code gives now
 * @param engine name of the engine behind {@code again}
 * @param faults what the definitions give
 * @param images the same, image by image
 * @param dataVerified whether the data set's SHA-256 was known and compared
 */
public record Replay(
    TrialRow trial,
    Row again,
    String engine,
    FaultList faults,
    ImageChanges images,
    boolean dataVerified) {

  /**
   * Where the files are.
   *
   * @param networkFile instead of the one that the table {@code networks} names
   * @param data directory of the data set; empty for what travels in the jar
   */
  public record Files(Optional<String> networkFile, Optional<String> data) {}

  /**
   * One value that is not the same everywhere; null where there is none.
   *
   * @param column of the table {@code trials}
   * @param recorded in the table
   * @param again by the campaign's code
   * @param reference by the reference engine; null for columns that it says nothing about
   */
  public record Difference(String column, Object recorded, Object again, Object reference) {}

  /**
   * Finds a trial and runs it.
   *
   * @throws InputException if it cannot be found, or a file it needs is missing or another one
   */
  public static Replay run(
      SparkSession spark, String directory, TrialFinder.Wanted wanted, Files files)
      throws IOException {
    return run(spark, directory, wanted, files, Engines::prepare);
  }

  static Replay run(
      SparkSession spark,
      String directory,
      TrialFinder.Wanted wanted,
      Files files,
      EngineSource engines)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var store = new TableStore(directory, hadoop);
    var trial = new TrialFinder(spark, store).find(wanted);
    var inputs = ReplayInputs.of(spark, store, trial, hadoop);
    var one = inputs.load(files.networkFile(), files.data());
    return of(one, engines, inputs.origin().isPresent());
  }

  /**
   * Runs a trial whose row is known.
   *
   * @param origin the network's row of the table {@code networks}, where there is one
   * @throws InputException as the other
   */
  public static Replay run(TrialRow trial, Optional<Row> origin, Files files, Configuration hadoop)
      throws IOException {
    var inputs = new ReplayInputs(trial, origin, hadoop);
    return of(inputs.load(files.networkFile(), files.data()), Engines::prepare, origin.isPresent());
  }

  static Replay of(OneTrial one, EngineSource engines, boolean dataVerified) {
    var name = new ArrayList<String>();
    Row again =
        one.run(
            network -> {
              Engine engine = engines.prepare(network);
              name.add(engine.name());
              return engine;
            });
    var faults = FaultList.of(one);
    try (var reference = new ReferenceEngine(one.network())) {
      var images = ImageChanges.of(reference, faults, one.data(), one.images());
      return new Replay(one.trial(), again, name.get(0), faults, images, dataVerified);
    }
  }

  /** The columns that hold results, in the table's order. */
  public static List<String> results() {
    return List.of("correct", "golden_correct", "changed", "faulty_cells", "changed_weights");
  }

  /** A column of the row that the campaign's own code gives now. */
  public Object again(String column) {
    return again.get(Tables.TRIALS.fieldIndex(column));
  }

  /** What the reference engine gives for a column of results. */
  public Object reference(String column) {
    return switch (column) {
      case "correct" -> images.correct();
      case "golden_correct" -> images.goldenCorrect();
      case "changed" -> images.broken().size() + images.mended().size();
      case "faulty_cells" -> faults.tally().faultyCells();
      case "changed_weights" -> faults.tally().changedWeights();
      default -> throw new IllegalArgumentException("no column of results: " + column);
    };
  }

  /** Why the trial fails now too; empty if it does not. */
  public Optional<String> error() {
    return Optional.ofNullable((String) again("error"));
  }

  /**
   * Everything that is not the same; nothing if all is well. A row of a failed trial has no result
   * to compare, and its counts of faults may be 0: it failed before it had them.
   */
  public List<Difference> differences() {
    boolean failed = trial.error().isPresent();
    List<Difference> differences = new ArrayList<>();
    for (String column : Tables.TRIALS.fieldNames()) {
      Object recorded = trial.row().getAs(column);
      Object now = again(column);
      Object reference = results().contains(column) ? reference(column) : null;
      boolean compared = !failed || isKnownOfFailed(column, recorded);
      boolean same = !compared || Objects.equals(recorded, now);
      boolean sure = reference == null || now == null || now.equals(reference);
      if (!same || !sure) {
        differences.add(new Difference(column, recorded, now, reference));
      }
    }
    return differences;
  }

  private static boolean isKnownOfFailed(String column, Object recorded) {
    return switch (column) {
      case "correct", "changed", "error" -> false;
      case "faulty_cells", "changed_weights" -> !Long.valueOf(0).equals(recorded);
      default -> true;
    };
  }
}
