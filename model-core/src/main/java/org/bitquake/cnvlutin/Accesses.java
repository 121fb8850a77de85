package org.bitquake.cnvlutin;

/**
 * Memory accesses. The baseline reads {@code lanes} activations at once, one for each lane;
 * Cnvlutin reads one brick of one lane, empty or not. What is read serves all filter passes of its
 * window.
 *
 * @param activationReads of the activation buffer (neuron memory, NM), spatial padding included
 * @param weightReads of the weight buffers (synapse buffers, SB): one lane's weights for the
 *     filters of one unit
 * @param outputWrites of results into the activation buffer: {@code lanes} (Cnvlutin: {@code
 *     brick}) neighbouring channels of one position at once
 */
public record Accesses(long activationReads, long weightReads, long outputWrites) {
  /** No access. */
  public static final Accesses NONE = new Accesses(0, 0, 0);

  /** The sums. */
  public Accesses plus(Accesses other) {
    return new Accesses(
        Math.addExact(activationReads, other.activationReads),
        Math.addExact(weightReads, other.weightReads),
        Math.addExact(outputWrites, other.outputWrites));
  }
}
