package org.bitquake.cnvlutin;

import java.util.Arrays;
import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;

/**
 * The counts of {@link LiteralSimulator} in closed form.
 *
 * <p>A brick costs P cycles for each value, or 1 without values, so a lane takes P · (its non-zero
 * activations in the window) + (its empty bricks). The former is a sum over the window's positions
 * of counts per position and lane; the latter follows from one bit per position, lane and run of
 * channels (see {@link LanePlan}), for all lanes in one word. Both are computed once for each
 * position and shared by all windows that overlap there.
 */
public final class CountingSimulator implements LayerSimulator {
  /** Windows worked on at a time: their scratch stays in the nearest cache. */
  private static final int CHUNK = 1 << 10;

  private final Accelerator accelerator;
  private final Geometry geometry;
  private final boolean encoded;
  private final int channels;
  private final int filters;
  private final int passes;
  private final int pixels;
  private final WindowGrid grid;
  private final LanePlan plan;

  /** Lanes that have channels; the others hold padding alone. */
  private final int busyLanes;

  /** Cycles of a lane that holds padding alone. */
  private final int idleCycles;

  /** Non-zero activations {@code [lane][pixel]} and their lanes {@code [run][pixel]}. */
  private final int[][] counts;

  private final int[][] masks;
  private final int[][] paddedCounts;
  private final int[][] paddedMasks;
  private final int[] slowest;
  private final int[] cycles;
  private final int[][] emptyLanes;

  /** See {@link LayerSimulator.Maker}. */
  public CountingSimulator(
      Accelerator accelerator, Shape input, Geometry geometry, boolean encoded) {
    this.accelerator = accelerator;
    this.geometry = geometry;
    this.encoded = encoded;
    this.channels = input.channels() / geometry.groups();
    this.filters = geometry.outChannels() / geometry.groups();
    this.passes = accelerator.passes(filters);
    this.pixels = input.height() * input.width();
    this.grid = new WindowGrid(input, geometry);
    int positions = geometry.kernelHeight() * geometry.kernelWidth();
    this.plan = LanePlan.of(accelerator, channels, positions);
    requireCountable(positions);
    this.busyLanes = Arrays.stream(plan.laneOf()).max().orElseThrow() + 1;
    int most = 0;
    for (int lane = busyLanes; lane < accelerator.lanes(); lane++) {
      most = Math.max(most, plan.bricksOf(lane));
    }
    this.idleCycles = most;
    this.counts = new int[busyLanes][pixels];
    this.masks = new int[encoded ? plan.runs() : 0][pixels];
    this.paddedCounts = new int[encoded ? busyLanes : 0][grid.size];
    this.paddedMasks = new int[masks.length][grid.size];
    int all = Math.multiplyExact(grid.down, grid.rowLength);
    int chunk = encoded ? Math.max(grid.rowLength, Math.min(CHUNK, all)) : 0;
    this.slowest = new int[chunk];
    this.cycles = new int[chunk];
    this.emptyLanes = new int[encoded ? plan.bricks().size() : 0][chunk];
  }

  /** Cycles of a lane in a window are counted in int. */
  private void requireCountable(int positions) {
    long most = (long) positions * accelerator.paddedChannels(channels) * (passes + 1L);
    if (most > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          Text.of(
              "windows of %d channels × %d positions with %d filter passes are too large to be counted; use more units, filtersPerUnit or lanes",
              channels, positions, passes));
    }
  }

  @Override
  public LayerCounts run(int[] codes) {
    long nonZero = 0;
    long inWindows = 0;
    long windowCycles = 0;
    long emptyBricks = 0;
    for (int group = 0; group < geometry.groups(); group++) {
      count(codes, group);
      for (int[] lane : counts) {
        for (int p = 0; p < pixels; p++) {
          nonZero += lane[p];
          inWindows += (long) lane[p] * grid.coverage[p];
        }
      }
      if (encoded) {
        pad();
        int rows = slowest.length / grid.rowLength;
        for (int row = 0; row < grid.down; row += rows) {
          int some = Math.min(rows, grid.down - row);
          windows(row * grid.rowLength, some);
          windowCycles += sum(some);
          emptyBricks += empty(some);
        }
      }
    }
    return result(codes.length, nonZero, inWindows, windowCycles, emptyBricks);
  }

  /** Counts the non-zero activations of a group, and marks their lanes. */
  private void count(int[] codes, int group) {
    for (int[] lane : counts) {
      Arrays.fill(lane, 0);
    }
    for (int[] mask : masks) {
      Arrays.fill(mask, 0);
    }
    for (int c = 0; c < channels; c++) {
      int from = (group * channels + c) * pixels;
      int lane = plan.laneOf()[c];
      add(codes, from, counts[lane]);
      for (int r = 0; encoded && r < plan.runsOf()[c].length; r++) {
        mark(codes, from, lane, masks[plan.runsOf()[c][r]]);
      }
    }
  }

  private static void add(int[] codes, int from, int[] counts) {
    for (int p = 0; p < counts.length; p++) {
      counts[p] += nonZero(codes[from + p]);
    }
  }

  private static void mark(int[] codes, int from, int lane, int[] mask) {
    for (int p = 0; p < mask.length; p++) {
      mask[p] |= nonZero(codes[from + p]) << lane;
    }
  }

  /** 1 for every number but 0, without a branch. */
  private static int nonZero(int code) {
    return (code | -code) >>> 31;
  }

  private void pad() {
    for (int lane = 0; lane < busyLanes; lane++) {
      place(counts[lane], paddedCounts[lane]);
    }
    for (int run = 0; run < masks.length; run++) {
      place(masks[run], paddedMasks[run]);
    }
  }

  private void place(int[] from, int[] to) {
    int[] places = grid.places;
    for (int p = 0; p < from.length; p++) {
      to[places[p]] = from[p];
    }
  }

  /**
   * The slowest lane of some rows of windows, and the lanes in which each of their bricks is empty.
   */
  private void windows(int first, int rows) {
    int n = (rows - 1) * grid.rowLength + grid.across;
    for (int b = 0; b < emptyLanes.length; b++) {
      var brick = plan.bricks().get(b);
      Arrays.fill(emptyLanes[b], 0, n, 0);
      for (int k = 0; k < brick.positions().length; k++) {
        int at = grid.offsets[brick.positions()[k]] + first;
        or(paddedMasks[brick.runs()[k]], at, n, emptyLanes[b]);
      }
      invert(emptyLanes[b], n, brick.lanes());
    }
    Arrays.fill(slowest, 0, n, idleCycles);
    for (int lane = 0; lane < busyLanes; lane++) {
      Arrays.fill(cycles, 0, n, 0);
      for (int offset : grid.offsets) {
        add(paddedCounts[lane], offset + first, n, cycles);
      }
      scale(cycles, n, passes);
      for (int[] empty : emptyLanes) {
        addBit(empty, lane, n, cycles);
      }
      max(cycles, n, slowest);
    }
  }

  private static void or(int[] from, int at, int n, int[] to) {
    for (int i = 0; i < n; i++) {
      to[i] |= from[at + i];
    }
  }

  private static void invert(int[] mask, int n, int lanes) {
    for (int i = 0; i < n; i++) {
      mask[i] = ~mask[i] & lanes;
    }
  }

  private static void add(int[] from, int at, int n, int[] to) {
    for (int i = 0; i < n; i++) {
      to[i] += from[at + i];
    }
  }

  private static void scale(int[] values, int n, int factor) {
    for (int i = 0; i < n; i++) {
      values[i] *= factor;
    }
  }

  private static void addBit(int[] mask, int bit, int n, int[] to) {
    for (int i = 0; i < n; i++) {
      to[i] += mask[i] >>> bit & 1;
    }
  }

  private static void max(int[] values, int n, int[] greatest) {
    for (int i = 0; i < n; i++) {
      greatest[i] = Math.max(greatest[i], values[i]);
    }
  }

  private long sum(int rows) {
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int x = 0; x < grid.across; x++) {
        sum += slowest[row * grid.rowLength + x];
      }
    }
    return sum;
  }

  private long empty(int rows) {
    long sum = 0;
    for (int[] lanes : emptyLanes) {
      for (int row = 0; row < rows; row++) {
        for (int x = 0; x < grid.across; x++) {
          sum += Integer.bitCount(lanes[row * grid.rowLength + x]);
        }
      }
    }
    return sum;
  }

  /**
   * @param nonZero activations of the image
   * @param inWindows the same, each as often as a window reads it
   * @param windowCycles of all windows, where encoded
   * @param emptyBricks of all windows and lanes, where encoded
   */
  private LayerCounts result(
      int activations, long nonZero, long inWindows, long windowCycles, long emptyBricks) {
    int lanes = accelerator.lanes();
    long positions = (long) grid.across * grid.down;
    long windows = positions * geometry.groups();
    long taps = (long) geometry.kernelHeight() * geometry.kernelWidth();
    long rowsRead = windows * taps * (accelerator.paddedChannels(channels) / lanes);
    long baselineCycles = rowsRead * passes;
    long weightReads = parts(filters, accelerator.filtersPerUnit()); // of one activation
    int latency = accelerator.pipelineLatency();
    var baseline =
        new Accesses(
            rowsRead,
            rowsRead * lanes * weightReads,
            positions * parts(geometry.outChannels(), lanes));
    var cnvlutin =
        new Accesses(
            encoded ? windows * bricksOfAllLanes() : rowsRead,
            encoded ? inWindows * weightReads : baseline.weightReads(),
            positions * parts(geometry.outChannels(), accelerator.brick()));
    return new LayerCounts(
        baselineCycles + latency,
        (encoded ? windowCycles : baselineCycles) + latency,
        encoded ? windowCycles : baselineCycles,
        encoded ? inWindows * passes + emptyBricks : baselineCycles * lanes,
        activations,
        activations - nonZero,
        windows * taps * channels * filters,
        inWindows * filters,
        baseline,
        cnvlutin);
  }

  private long bricksOfAllLanes() {
    return plan.bricks().stream().mapToLong(brick -> Integer.bitCount(brick.lanes())).sum();
  }

  private static long parts(int whole, int size) {
    return (whole + size - 1L) / size;
  }
}
