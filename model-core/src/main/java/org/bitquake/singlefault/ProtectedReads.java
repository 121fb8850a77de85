package org.bitquake.singlefault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.GivenFaults;
import org.bitquake.fault.SingleFault;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.ProtectedMemory;

/**
 * Reads from a memory with a protection. Faults are those of the same memory without: cells that
 * are hardened hold, and a row takes its check cells along; no other check cell fails. Not
 * thread-safe.
 */
public final class ProtectedReads implements FaultReads {
  private final FaultKind kind;
  private final Encoding encoding;
  private final Function<SingleFault, List<SingleFault>> together;
  private final ProtectedLayout layout;
  private final Optional<EventPlaces> checkRows;
  private final FaultReads unprotected;
  private final ProtectedMemory memory;
  private final GivenFaults data;
  private final Optional<GivenFaults> checks;
  private final byte[][] pristine;
  private final byte[][] codes;

  /**
   * @param together the cells that fail with a cell where nothing is protected, itself among them
   * @param event what fails together
   * @param scope cells that may be faulty
   */
  public ProtectedReads(
      QuantizedNetwork network,
      FaultKind kind,
      Encoding encoding,
      Function<SingleFault, List<SingleFault>> together,
      FaultEvent event,
      FaultScope scope,
      ProtectedLayout layout) {
    this.kind = kind;
    this.encoding = encoding;
    this.together = together;
    this.layout = layout;
    checkRows =
        layout
            .checkColumns()
            .filter(its -> event.equals(FaultEvent.ROW))
            .map(its -> new EventPlaces(event, its, new FaultScope(scope.layers(), Set.of())));
    unprotected = FaultReads.plain(network, kind, encoding, this::soft);
    memory = new ProtectedMemory(layout);
    data = new GivenFaults(layout.data());
    checks = layout.checkColumns().map(GivenFaults::new);
    pristine = network.copyCodes();
    codes = network.copyCodes();
  }

  /** The cells that fail with one. */
  private List<SingleFault> soft(SingleFault fault) {
    return together.apply(fault).stream().filter(its -> !isHardened(its)).toList();
  }

  private boolean isHardened(SingleFault cell) {
    return layout.hardened().stream().anyMatch(its -> its.contains(cell.layer(), cell.bit()))
        || layout
            .held()
            .filter(its -> its.contains(cell.layer(), cell.weight(), cell.bit()))
            .isPresent();
  }

  @Override
  public Reading read(SingleFault fault) {
    if (!layout.isDecoded()) {
      return unprotected.read(fault);
    }
    var cells = soft(fault);
    var tally =
        memory.read(
            data.of(cells),
            checks.map(its -> its.of(checkRow(fault))),
            kind,
            GivenFaults.RATE,
            encoding,
            pristine,
            codes);
    return new Reading(
        cells,
        Math.toIntExact(tally.faultyCells()),
        tally.changedWeights() == 0 ? List.of() : changed());
  }

  /** The check cells that fail along. */
  private List<SingleFault> checkRow(SingleFault fault) {
    if (checkRows.isEmpty()) {
      return List.of();
    }
    int word = fault.weight() / layout.data().codesPerWord(fault.layer());
    int columns = layout.checkColumns().orElseThrow().codesPerWord(fault.layer());
    return checkRows.get().cells(new SingleFault(fault.layer(), word * columns, 0));
  }

  private List<ChangedWeight> changed() {
    List<ChangedWeight> changed = new ArrayList<>();
    for (int layer = 0; layer < codes.length; layer++) {
      byte[] before = pristine[layer];
      byte[] after = codes[layer];
      int end = before.length;
      int weight = Arrays.mismatch(before, after);
      while (weight >= 0) {
        changed.add(new ChangedWeight(layer, weight, before[weight], after[weight]));
        int next = Arrays.mismatch(before, weight + 1, end, after, weight + 1, end);
        weight = next < 0 ? next : weight + 1 + next;
      }
    }
    return List.copyOf(changed);
  }
}
