package org.bitquake.jobs.trial;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;

/**
 * A row of the table {@code trials}: what one trial is, and what came of it.
 *
 * @param network name of the network
 * @param number of the trial; fixes faults and images
 * @param images of the data set that the trial looks at
 * @param networkHash content hash of the network
 * @param dataset name and split, such as {@code fashion-mnist/test}
 * @param error why the trial failed; empty if it did not
 * @param row the row itself, with the columns of {@link TrialPlan#schema}
 */
public record TrialRow(
    String network,
    MemoryModel kind,
    double rate,
    long number,
    long seed,
    Encoding encoding,
    int images,
    FaultScope scope,
    String networkHash,
    String dataset,
    Optional<String> error,
    Row row)
    implements RecordedRow {
  public TrialRow {
    if (!(rate >= 0 && rate <= 1) || number < 0 || images < 1) {
      throw new IllegalArgumentException("rate, trial or images out of range");
    }
    if (kind.encoding().isPresent() && kind.encoding().get() != encoding) {
      throw new IllegalArgumentException("an encoding that is not the model's");
    }
  }

  /**
   * Reads a row.
   *
   * @throws org.bitquake.InputException if a column holds what no campaign writes
   */
  public static TrialRow of(Row row) {
    return RecordedRow.read(columns(row), row, TrialRow::read);
  }

  private static StructType columns(Row row) {
    StructType base = hasModel(row) ? Tables.TRIALS_OF_MODELS : Tables.TRIALS;
    return TopFive.isIn(row.schema()) ? TopFive.with("trials", base) : base;
  }

  /** The same row of a model with what its chips hold. */
  public TrialRow with(MemoryModel complete) {
    return new TrialRow(
        network,
        complete,
        rate,
        number,
        seed,
        encoding,
        images,
        scope,
        networkHash,
        dataset,
        error,
        row);
  }

  /** Whether it tells top-5 accuracy. */
  public boolean hasTop5() {
    return TopFive.isIn(row.schema());
  }

  private static TrialRow read(Row row) {
    return new TrialRow(
        row.getAs("network"),
        MemoryModel.of(row.getAs("kind"), model(row)),
        row.<Double>getAs("rate"),
        row.<Long>getAs("trial"),
        row.<Long>getAs("seed"),
        Encoding.of(row.getAs("encoding")),
        row.<Integer>getAs("images"),
        new FaultScope(positions(row.getAs("layers")), positions(row.getAs("bits"))),
        row.getAs("network_hash"),
        row.getAs("dataset"),
        Optional.ofNullable(row.getAs("error")),
        row);
  }

  /** Whether the row has a place for a model. */
  boolean hasModel() {
    return hasModel(row);
  }

  private static boolean hasModel(Row row) {
    return List.of(row.schema().fieldNames()).contains(Tables.MODEL);
  }

  private static Optional<String> model(Row row) {
    return hasModel(row) ? Optional.ofNullable(row.getAs(Tables.MODEL)) : Optional.empty();
  }

  /** Positions as {@link TrialPlan#layersText} writes them; null is none. */
  private static Set<Integer> positions(String text) {
    return text == null
        ? Set.of()
        : Arrays.stream(text.split(",", -1)).map(Integer::valueOf).collect(Collectors.toSet());
  }
}
