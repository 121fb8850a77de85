package org.bitquake.lanes;

/**
 * Outputs that read the same inputs, in tiles that are summed at once. What a loop holds in
 * registers are the sums of a tile: of {@link #MOST} outputs or of six, whichever leaves less over.
 *
 * @param atOnce outputs of a tile
 * @param padded the outputs, filled up to whole tiles with ones whose weights are 0
 */
public record OutputTiles(int atOnce, int padded) {
  /** Most outputs of a tile. */
  public static final int MOST = 8;

  private static final int FEWER = 6;

  /** Tiles for this many outputs. */
  public static OutputTiles of(int outputs) {
    int most = fillUp(outputs, MOST);
    int fewer = fillUp(outputs, FEWER);
    return most <= fewer ? new OutputTiles(MOST, most) : new OutputTiles(FEWER, fewer);
  }

  private static int fillUp(int outputs, int unit) {
    return (outputs + unit - 1) / unit * unit;
  }
}
