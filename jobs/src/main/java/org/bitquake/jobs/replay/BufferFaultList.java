package org.bitquake.jobs.replay;

import java.util.List;
import java.util.stream.Stream;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSite;
import org.bitquake.fault.FaultTarget;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.MemoryLayout;

/** The faults of one trial in the memory of activations or of offsets, and what they did. */
public final class BufferFaultList {
  private final FaultTarget target;
  private final boolean isTransient;
  private final BufferSampler sampler;
  private final ActivationFaults faults;

  /**
   * One faulty cell of the buffer, the same for all images and layers.
   *
   * @param position of its code in each tensor, {@code [C, H, W]}; of offsets the number of the
   *     pair, in the order of rows, columns, bricks
   * @param bit 0 the least significant
   * @param mark the cell is faulty at every rate above it
   * @param place in memory
   */
  public record Cell(int position, int bit, double mark, MemoryLayout.Place place) {}

  private BufferFaultList(
      FaultTarget target, boolean isTransient, BufferSampler sampler, ActivationFaults faults) {
    this.target = target;
    this.isTransient = isTransient;
    this.sampler = sampler;
    this.faults = faults;
  }

  static BufferFaultList of(OneTrial one) {
    var trial = one.trial();
    var model = trial.kind().faults();
    var sampler = trial.kind().sampler(trial.seed(), one.network());
    sampler.draw(trial.number(), trial.rate());
    var faults = sampler.faults(model.effect(), trial.rate(), one.images());
    return new BufferFaultList(
        model.memory().target(), model.memory().isTransient(), sampler, faults);
  }

  /** What lies in the buffer. */
  public FaultTarget target() {
    return target;
  }

  /** Whether cells fail anew for each image and layer, so that they are counted, not listed. */
  public boolean isTransient() {
    return isTransient;
  }

  /** Cells of the buffer. */
  public long cells() {
    return sampler.cells();
  }

  /** What an engine is to run the trial's images with, from the first on, once. */
  ActivationFaults faults() {
    return faults;
  }

  /** Faulty cells that were read, and codes or offsets that read as others, since the run. */
  public FaultMap.Tally tally() {
    var tally = sampler.tally();
    return new FaultMap.Tally(tally.faultyCells(), tally.changed());
  }

  /** Faulty cells of the buffer; 0 where they are transient. */
  public int size() {
    return sampler.sites().size();
  }

  /** The faulty cells by position and bit; none where they are transient. */
  public Stream<Cell> list() {
    var layout = sampler.layout();
    List<FaultSite> sites = sampler.sites();
    return sites.stream()
        .map(
            site ->
                new Cell(
                    site.weight(),
                    site.bit(),
                    site.mark(),
                    layout.place(layout.address(0, site.weight(), site.bit()))));
  }
}
