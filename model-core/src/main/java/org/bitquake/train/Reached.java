package org.bitquake.train;

/**
 * How far a training is.
 *
 * @param epochs that are whole
 * @param steps updates in the epoch after them
 * @param losses sum of the losses before these updates
 */
record Reached(int epochs, int steps, double losses) {
  static final Reached NOTHING = after(0);

  /** An epoch's end. */
  static Reached after(int epochs) {
    return new Reached(epochs, 0, 0);
  }
}
