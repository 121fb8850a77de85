package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.protect.CellList;

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
 * @param event what fails together and what protects the memory, JSON; empty for single cells
 *     without protections
 * @param hardened lists of hardened cells, once they are read, in the order of the protection
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
    List<CellList> hardened,
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
    return Events.parse(event.orElse(null), hardened);
  }

  /** The memory that it is in. */
  public MemoryModel memory() {
    return events().model(kind);
  }

  /**
   * The same once the files of its protection are read.
   *
   * @param complete its memory with what they hold
   */
  public RecordedFault with(MemoryModel complete) {
    return new RecordedFault(
        network,
        kind,
        number,
        layer,
        filter,
        index,
        bit,
        seed,
        encoding,
        images,
        networkHash,
        dataset,
        event,
        complete.hardenedCells(),
        error,
        row);
  }

  /** The kind of a row; its name ends in that of the protection. */
  private static FaultKind kind(String name, Optional<String> event) {
    var model = Events.parse(event.orElse(null)).model(FaultKind.BIT_FLIP);
    String suffix = model.name().substring(FaultKind.BIT_FLIP.label().length());
    if (!name.endsWith(suffix)) {
      throw new IllegalArgumentException(
          Text.of("\"%s\" does not end in \"%s\", as its event says", name, suffix));
    }
    return FaultKind.of(name.substring(0, name.length() - suffix.length()));
  }

  private static RecordedFault read(Row row) {
    Optional<String> event =
        hasEvent(row) ? Optional.of(row.getAs(SingleFaultTables.EVENT)) : Optional.empty();
    return new RecordedFault(
        row.getAs("network"),
        kind(row.getAs("kind"), event),
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
        event,
        List.of(),
        Optional.ofNullable(row.getAs("error")),
        row);
  }
}
