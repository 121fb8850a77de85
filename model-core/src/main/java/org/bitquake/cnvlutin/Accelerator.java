package org.bitquake.cnvlutin;

import java.io.Serializable;
import org.bitquake.Text;
import org.bitquake.fault.TargetMemory;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * The machine that is simulated: DaDianNao as the baseline, and Cnvlutin made from it.
 *
 * @param units that each work on filters of their own
 * @param filtersPerUnit filters that a unit works on at the same time
 * @param lanes activations that the baseline takes in each cycle, and queues of Cnvlutin; 1 to
 *     {@link #MAX_LANES}
 * @param brick activations that are encoded together, 1 to {@link #MAX_BRICK}
 * @param assignment of activations to lanes
 * @param pipelineLatency cycles that filling the pipeline adds to each layer of each image, on both
 *     machines
 * @param encodeFirstLayer whether Cnvlutin skips zeros of the image too; if not, layers that read
 *     the image take the baseline's cycles
 * @param encodeFullyConnected whether Cnvlutin skips zeros in fully connected layers
 */
public record Accelerator(
    int units,
    int filtersPerUnit,
    int lanes,
    int brick,
    LaneAssignment assignment,
    int pipelineLatency,
    boolean encodeFirstLayer,
    boolean encodeFullyConnected)
    implements Serializable {
  /** Lanes at most. */
  public static final int MAX_LANES = 32;

  /** Activations of a brick at most. */
  public static final int MAX_BRICK = 1 << 12;

  /** Units, and filters of a unit, at most. */
  public static final int MAX_COUNT = 1 << 16;

  /** Cycles of the pipeline at most. */
  public static final int MAX_LATENCY = 1 << 20;

  /** Units, filters of a unit, lanes, and activations of a brick, in the paper. */
  public static final int ISCA_2016_COUNT = 16;

  /** The machine of the paper: 16 units × 16 filters × 16 lanes, bricks of 16. */
  public static final Accelerator ISCA_2016 =
      new Accelerator(
          ISCA_2016_COUNT,
          ISCA_2016_COUNT,
          ISCA_2016_COUNT,
          ISCA_2016_COUNT,
          LaneAssignment.CONTIGUOUS,
          0,
          false,
          false);

  public Accelerator {
    requireRange("units", units, 1, MAX_COUNT);
    requireRange("filtersPerUnit", filtersPerUnit, 1, MAX_COUNT);
    requireRange("lanes", lanes, 1, MAX_LANES);
    requireRange("brick", brick, 1, MAX_BRICK);
    requireRange("pipelineLatency", pipelineLatency, 0, MAX_LATENCY);
  }

  /** The machine of the paper with other bricks, and more that is read without its zeros. */
  static Accelerator storing(TargetMemory.Offsets offsets) {
    return new Accelerator(
        ISCA_2016_COUNT,
        ISCA_2016_COUNT,
        ISCA_2016_COUNT,
        offsets.brick(),
        LaneAssignment.CONTIGUOUS,
        0,
        offsets.input(),
        offsets.fullyConnected());
  }

  /** Whether it stores offsets as these say. */
  public boolean stores(TargetMemory.Offsets offsets) {
    return brick == offsets.brick()
        && encodeFirstLayer == offsets.input()
        && encodeFullyConnected == offsets.fullyConnected();
  }

  /**
   * The offsets that it stores.
   *
   * @throws IllegalArgumentException if those of its bricks cannot fail
   */
  public TargetMemory.Offsets offsets(boolean isTransient) {
    return new TargetMemory.Offsets(isTransient, brick, encodeFirstLayer, encodeFullyConnected);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          Text.of("%s must be %d to %d, not %d", name, least, most, value));
    }
  }

  /** Whether Cnvlutin reads this layer's input without its zeros. */
  public boolean encodes(Convolution layer) {
    return (encodeFirstLayer || layer.input() != QuantizedNetwork.INPUT)
        && (encodeFullyConnected || !layer.isDense());
  }

  /** C′: channels with those added that fill all lanes. */
  int paddedChannels(int channels) {
    return Math.multiplyExact(lanes, (channels + lanes - 1) / lanes);
  }

  /** P: how often the machine must work through a window for so many filters. */
  int passes(int filters) {
    return (int) ((filters + (long) units * filtersPerUnit - 1) / ((long) units * filtersPerUnit));
  }

  /** All of it in a line, for tables. */
  public String description() {
    return Text.of(
        "%d units × %d filters × %d lanes, bricks of %d, %s, latency %d, first layer %s, fully connected layers %s",
        units,
        filtersPerUnit,
        lanes,
        brick,
        assignment.label(),
        pipelineLatency,
        encodeFirstLayer ? "encoded" : "plain",
        encodeFullyConnected ? "encoded" : "plain");
  }
}
