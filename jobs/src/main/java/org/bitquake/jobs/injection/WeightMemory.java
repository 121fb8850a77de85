package org.bitquake.jobs.injection;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bitquake.fault.CellSet;
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.HeldSource;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.ProtectedMemory;

/**
 * The memory of a network's weights: draws its faults and reads codes from it, through its
 * protection if it has one. Not thread-safe.
 */
public final class WeightMemory {
  private final MemoryModel model;
  private final FaultSource data;
  private final Optional<FaultSource> checks;
  private final Optional<ProtectedMemory> protection;

  /**
   * What draws the same faults as something else with an equal key.
   *
   * @param held cells in scope that never fail all the same
   */
  public record Cells(
      boolean ofChecks,
      FaultPattern pattern,
      Storage storage,
      int bitsPerCell,
      List<Integer> weights,
      List<Integer> bits,
      FaultScope scope,
      Optional<CellSet> held) {
    Cells without(CellSet these) {
      return new Cells(
          ofChecks, pattern, storage, bitsPerCell, weights, bits, scope, Optional.of(these));
    }
  }

  /** Gives sources, new ones or those that were given before. */
  @FunctionalInterface
  public interface Sources {
    Sources NEW = (cells, make) -> make.get();

    FaultSource of(Cells cells, Supplier<FaultSource> make);
  }

  private WeightMemory(
      MemoryModel model,
      FaultSource data,
      Optional<FaultSource> checks,
      Optional<ProtectedMemory> protection) {
    this.model = model;
    this.data = data;
    this.checks = checks;
    this.protection = protection;
  }

  /**
   * The memory of a network.
   *
   * @param model of weights, complete
   */
  public static WeightMemory of(
      MemoryModel model, long seed, QuantizedNetwork network, FaultScope scope, Sources sources) {
    int[] weights = CampaignNetwork.weights(network);
    int[] bits = CampaignNetwork.bits(network);
    var layout = model.protection().map(its -> model.layout(its, network));
    var soft = layout.map(its -> scope.without(its.hardened())).orElse(scope);
    var cells = cells(false, model, model.storage(), weights, bits, soft);
    var data = sources.of(cells, () -> model.source(seed, weights, bits, soft));
    return new WeightMemory(
        model,
        layout
            .flatMap(ProtectedLayout::held)
            .map(its -> without(its, data, cells, sources))
            .orElse(data),
        layout.flatMap(its -> checks(model, seed, its, scope, sources)),
        layout.filter(ProtectedLayout::isDecoded).map(ProtectedMemory::new));
  }

  private static FaultSource without(CellSet held, FaultSource data, Cells cells, Sources sources) {
    return sources.of(cells.without(held), () -> new HeldSource(data, cells.scope(), held));
  }

  private static Optional<FaultSource> checks(
      MemoryModel model, long seed, ProtectedLayout layout, FaultScope scope, Sources sources) {
    var pattern = model.faults().pattern();
    return layout
        .checkColumns()
        .map(
            its ->
                sources.of(
                    cells(true, model, its.storage(), its.weights(), its.bits(), scope),
                    () -> new CheckSource(seed, pattern, its, scope)));
  }

  private static Cells cells(
      boolean ofChecks,
      MemoryModel model,
      Storage storage,
      int[] weights,
      int[] bits,
      FaultScope scope) {
    return new Cells(
        ofChecks,
        model.faults().pattern(),
        storage,
        model.faults().effect().bitsPerCell(),
        Arrays.stream(weights).boxed().toList(),
        Arrays.stream(bits).boxed().toList(),
        scope,
        Optional.empty());
  }

  /** Cells of codes that may be faulty. */
  public long cells() {
    return data.cells();
  }

  /** The faulty cells of codes in a trial; overwritten by the next call. */
  public FaultMap draw(long trial, double maxRate) {
    return data.draw(trial, maxRate);
  }

  /**
   * Makes a copy of codes as they are read in a trial.
   *
   * @param maxRate at least {@code rate}; draws of equal ones may be kept
   * @param pristine {@code [weight layer][code]}; the same array must always hold the same codes
   * @param codes another one of the same shape, overwritten
   */
  public FaultMap.Tally read(
      long trial,
      double maxRate,
      double rate,
      Encoding encoding,
      byte[][] pristine,
      byte[][] codes) {
    var effect = model.faults().effect();
    var map = data.draw(trial, maxRate);
    return protection.isEmpty()
        ? map.apply(effect, rate, encoding, pristine, codes)
        : protection
            .get()
            .read(
                map,
                checks.map(its -> its.draw(trial, maxRate)),
                effect,
                rate,
                encoding,
                pristine,
                codes);
  }
}
