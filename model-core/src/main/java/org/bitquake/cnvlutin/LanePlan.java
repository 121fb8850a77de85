package org.bitquake.cnvlutin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the bricks of a window of one group lie over its positions and channels.
 *
 * <p>A <em>run</em> is a range of channels in each lane, the same range in all of them; bit l of a
 * mask speaks of lane l. A brick of each lane is made of the same runs at the same positions.
 *
 * @param laneOf lane of each channel
 * @param runsOf the runs that each channel belongs to
 * @param runs how many there are
 * @param bricks of a window, for all lanes at once
 */
record LanePlan(int[] laneOf, int[][] runsOf, int runs, List<Brick> bricks) {
  /**
   * One brick in each lane that has it.
   *
   * @param lanes mask of those lanes
   * @param positions of its parts in the window, {@code x · kernelHeight + y}
   * @param runs of its parts
   */
  record Brick(int lanes, int[] positions, int[] runs) {}

  /** A range of channels, counted from the first of the lane. */
  private record Run(int from, int to) {}

  static LanePlan of(Accelerator accelerator, int channels, int positions) {
    return accelerator.assignment() == LaneAssignment.CONTIGUOUS
        ? contiguous(accelerator, channels, positions)
        : interleaved(accelerator, channels, positions);
  }

  private static LanePlan contiguous(Accelerator accelerator, int channels, int positions) {
    int block = accelerator.paddedChannels(channels) / accelerator.lanes();
    int length = Math.multiplyExact(positions, block);
    int everyLane = everyLane(accelerator.lanes());
    Map<Run, Integer> runs = new LinkedHashMap<>();
    List<Brick> bricks = new ArrayList<>();
    for (int from = 0; from < length; from += accelerator.brick()) {
      int to = Math.min(length, from + accelerator.brick());
      int first = from / block;
      int[] at = new int[(to - 1) / block - first + 1];
      int[] parts = new int[at.length];
      for (int k = 0; k < at.length; k++) {
        at[k] = first + k;
        int begin = at[k] * block;
        var run = new Run(Math.max(0, from - begin), Math.min(block, to - begin));
        runs.putIfAbsent(run, runs.size());
        parts[k] = runs.get(run);
      }
      bricks.add(new Brick(everyLane, at, parts));
    }
    int[] laneOf = new int[channels];
    int[][] runsOf = new int[channels][];
    int[][] containing = containing(runs, block);
    for (int c = 0; c < channels; c++) {
      laneOf[c] = c / block;
      runsOf[c] = containing[c % block];
    }
    return new LanePlan(laneOf, runsOf, runs.size(), List.copyOf(bricks));
  }

  /** The runs that contain each channel of a block. */
  private static int[][] containing(Map<Run, Integer> runs, int block) {
    var found = Stream.generate(ArrayList<Integer>::new).limit(block).toList();
    runs.forEach(
        (run, number) -> {
          for (int c = run.from(); c < run.to(); c++) {
            found.get(c).add(number);
          }
        });
    return found.stream()
        .map(numbers -> numbers.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  private static LanePlan interleaved(Accelerator accelerator, int channels, int positions) {
    int lanes = accelerator.lanes();
    int brick = accelerator.brick();
    int perPosition = (accelerator.paddedChannels(channels) + brick - 1) / brick;
    int rounds = (perPosition + lanes - 1) / lanes;
    List<Brick> bricks = new ArrayList<>();
    for (int position = 0; position < positions; position++) {
      for (int round = 0; round < rounds; round++) {
        int having = everyLane(Math.min(lanes, perPosition - round * lanes));
        bricks.add(new Brick(having, new int[] {position}, new int[] {round}));
      }
    }
    int[] laneOf = new int[channels];
    int[][] runsOf = new int[channels][];
    for (int c = 0; c < channels; c++) {
      laneOf[c] = c / brick % lanes;
      runsOf[c] = new int[] {c / brick / lanes};
    }
    return new LanePlan(laneOf, runsOf, rounds, List.copyOf(bricks));
  }

  private static int everyLane(int lanes) {
    return lanes == Integer.SIZE ? -1 : (1 << lanes) - 1;
  }

  /** Bricks of a lane in a window. */
  int bricksOf(int lane) {
    return (int) bricks.stream().filter(b -> (b.lanes() >>> lane & 1) == 1).count();
  }
}
