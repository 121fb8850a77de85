package org.bitquake.engine.incremental;

import java.util.Arrays;

/** The codes of an image that one run has changed so far, tensor by tensor. Reused by all runs. */
final class Changes {
  private final int[][] places;
  private final int[][] before;
  private final int[] count;

  /** The logits of the run. */
  final float[] logits;

  /** Additions that the run may still make. */
  long budget;

  /**
   * @param sizes elements of the input and of each layer's output
   */
  Changes(int[] sizes, int classes) {
    places = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    before = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    count = new int[sizes.length];
    logits = new float[classes];
  }

  /** Number of changed codes of a tensor. */
  int count(int tensor) {
    return count[tensor];
  }

  int place(int tensor, int index) {
    return places[tensor][index];
  }

  /** How much a changed code is above what it was. */
  int difference(ImageTrace image, int tensor, int index) {
    return image.codes[tensor][places[tensor][index]] - before[tensor][index];
  }

  /** Changes a code, once in a run. */
  void set(ImageTrace image, int tensor, int place, int code) {
    int[] codes = image.codes[tensor];
    if (codes[place] != code) {
      places[tensor][count[tensor]] = place;
      before[tensor][count[tensor]++] = codes[place];
      codes[place] = code;
    }
  }

  /** Puts the image's codes back. */
  void undo(ImageTrace image) {
    for (int tensor = 0; tensor < count.length; tensor++) {
      int[] codes = image.codes[tensor];
      for (int i = 0; i < count[tensor]; i++) {
        codes[places[tensor][i]] = before[tensor][i];
      }
      count[tensor] = 0;
    }
  }
}
