package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.store.SingleFaultTables;

/**
 * A row of the table {@code single_faults}: which cell was faulty, and what came of it.
 *
 * @param network name of the network
 * @param number of the fault in its network's draw
 * @param layer name of the weight layer
 * @param filter output channel of the weight
 * @param index position of the weight within its filter
 * @param bit 0 the least significant
 * @param images of the data set that the fault was tried on
 * @param networkHash content hash of the network
 * @param dataset name and split, such as {@code fashion-mnist/test}
 * @param event what fails together, JSON; empty for single cells
 * @param error why the run failed; empty if it did not
 * @param row the row itself, with the columns of {@link SingleFaultTables#FAULTS}
 */
public record RecordedFault(
    String network,
    FaultKind kind,
    long number,
    String layer,
    int filter,
    int index,
    int bit,
    long seed,
    Encoding encoding,
    int images,
    String networkHash,
    String dataset,
    Optional<String> event,
    Optional<String> error,
    Row row)
    implements RecordedRow {
  public RecordedFault {
    if (number < 0 || filter < 0 || index < 0 || bit < 0 || images < 1) {
      throw new IllegalArgumentException("fault, filter, index, bit or images out of range");
    }
    Events.parse(event.orElse(null)); // complains where it says no event
  }

  /**
   * Reads a row.
   *
   * @throws org.bitquake.InputException if a column holds what no campaign writes
   */
  public static RecordedFault of(Row row) {
    var columns = hasEvent(row) ? SingleFaultTables.FAULTS_OF_EVENTS : SingleFaultTables.FAULTS;
    return RecordedRow.read(columns, row, RecordedFault::read);
  }

  private static boolean hasEvent(Row row) {
    return List.of(row.schema().fieldNames()).contains(SingleFaultTables.EVENT);
  }

  /** What fails together. */
  Events events() {
    return Events.parse(event.orElse(null));
  }

  private static RecordedFault read(Row row) {
    return new RecordedFault(
        row.getAs("network"),
        FaultKind.of(row.getAs("kind")),
        row.<Long>getAs("fault"),
        row.getAs("layer"),
        row.<Integer>getAs("filter"),
        row.<Integer>getAs("index"),
        row.<Integer>getAs("bit"),
        row.<Long>getAs("seed"),
        Encoding.of(row.getAs("encoding")),
        row.<Integer>getAs("images"),
        row.getAs("network_hash"),
        row.getAs("dataset"),
        hasEvent(row) ? Optional.of(row.getAs(SingleFaultTables.EVENT)) : Optional.empty(),
        Optional.ofNullable(row.getAs("error")),
        row);
  }
}
