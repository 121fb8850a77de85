package org.bitquake.train;

/**
 * The one-cycle schedule (Smith, arXiv 1708.07120) as PyTorch's {@code OneCycleLR} defines it:
 * cosine from peak/25 up to the peak over the first 15 % of the steps, cosine down to peak/250,000;
 * momentum runs against it between 0.95 and 0.85.
 */
record OneCycle(double peak, long steps) {
  private static final double WARM_UP = 0.15;
  private static final double START_DIVISOR = 25;
  private static final double END_DIVISOR = 1e4;
  private static final double HIGH_MOMENTUM = 0.95;
  private static final double LOW_MOMENTUM = 0.85;

  double learningRate(long step) {
    double start = peak / START_DIVISOR;
    return between(step, start, peak, start / END_DIVISOR);
  }

  double momentum(long step) {
    return between(step, HIGH_MOMENTUM, LOW_MOMENTUM, HIGH_MOMENTUM);
  }

  private double between(long step, double first, double middle, double last) {
    double turn = Math.max(WARM_UP * steps - 1, 0);
    double end = steps - 1.0;
    return step <= turn && turn > 0
        ? cosine(first, middle, step / turn)
        : cosine(middle, last, end > turn ? (step - turn) / (end - turn) : 1);
  }

  private static double cosine(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * share));
  }
}
