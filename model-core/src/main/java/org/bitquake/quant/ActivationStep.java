package org.bitquake.quant;

/**
 * The step of activations, the real value of one code. Layers whose codes are added to each other
 * share one, so that codes can be added as they are.
 *
 * <p>A learned step moves by the sum of the gradients of all layers that share it; any other one
 * follows, as a running mean, the largest step that a layer asks for.
 */
public final class ActivationStep {
  private static final float SMALLEST = 1e-8f;
  private static final float MEMORY = 0.95f;

  private final Quantizer quantizer;
  private float value = 1;
  private boolean started;
  private float wanted;
  private double gradient;
  private float shift;

  public ActivationStep(Quantizer quantizer) {
    this.quantizer = quantizer;
  }

  public float value() {
    return shift == 0 ? value : Math.max(value + shift, SMALLEST);
  }

  /** Makes the step so much larger, or smaller, until the end of the next pass. */
  public void shift(float by) {
    shift = by;
  }

  /** Sets a known step, in place of one found from the first batch. */
  public void set(float step) {
    value = Math.max(Math.abs(step), SMALLEST);
    started = true;
  }

  /** Forgets the step: the next batch finds a new one. */
  public void restart() {
    value = 1;
    started = false;
    wanted = 0;
  }

  /** False until a batch has found the step or it was set. */
  public boolean started() {
    return started;
  }

  /** True where the step is a parameter that gradient descent moves. */
  public boolean learned() {
    return quantizer.learns();
  }

  /** The gradient since the last {@link #beginPass}, scaled as the quantiser asks. */
  public double gradient() {
    return gradient;
  }

  /** Forgets the gradient of the pass before. */
  public void beginPass() {
    gradient = 0;
  }

  /** Lets a step that is not learned follow what the pass asked for. */
  public void endPass() {
    shift = 0;
    if (wanted > 0) {
      set(MEMORY * value + (1 - MEMORY) * wanted);
      wanted = 0;
    }
  }

  /** Becomes what another one is, before a pass. */
  public void follow(ActivationStep other) {
    value = other.value;
    started = other.started;
    shift = other.shift;
  }

  /** Adds what another one, which followed this, found in its part of the pass. */
  public void add(ActivationStep follower) {
    gradient += follower.gradient;
    wanted = Math.max(wanted, follower.wanted);
    follower.wanted = 0;
  }

  Quantizer quantizer() {
    return quantizer;
  }

  void ask(float step) {
    wanted = Math.max(wanted, step);
  }

  void addGradient(double share) {
    gradient += share;
  }
}
