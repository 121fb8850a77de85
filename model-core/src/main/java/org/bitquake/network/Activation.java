package org.bitquake.network;

/**
 * The codes of a tensor: {@code 0 … maxCode}, of which {@code zero} stands for 0 and each step
 * above it for {@code step} more: real value = step · (code − zero). A layer writes {@code code =
 * min(max(rint(y) + zero, 0), maxCode)}, half to even, where y is its real value in steps; a fused
 * ReLU, ReLU6 or Clip is in the bounds.
 *
 * <p>Where a network comes from, the code may have been another number, such as −128 … 127: then
 * {@code base} is what is to be added to get it. Nothing but what is shown to people and other
 * programs depends on it.
 *
 * @param bits 1 to 8, the cells of a code
 * @param step the real value of one code
 * @param zero 0 to maxCode
 * @param maxCode 1 to {@code 2^bits − 1}
 * @param base −255 to 255
 */
public record Activation(int bits, float step, int zero, int maxCode, int base) {
  private static final int MOST = 255;

  public Activation {
    Check.that(bits >= 1 && bits <= 8, "activations of %d bits: use 1 to 8", bits);
    Check.positive("activation step", step);
    Check.that(
        maxCode >= 1 && maxCode < 1 << bits,
        "activation codes up to %d in %d bits: use 1 to %d",
        maxCode,
        bits,
        (1 << bits) - 1);
    Check.that(
        zero >= 0 && zero <= maxCode,
        "an activation whose zero point is %d, with codes 0 to %d",
        zero,
        maxCode);
    Check.that(base >= -MOST && base <= MOST, "activation codes that begin at %d", base);
  }

  /** Unsigned codes {@code 0 … 2^bits − 1} whose 0 is 0: what a ReLU leaves. */
  public Activation(int bits, float step) {
    this(bits, step, 0, (1 << Math.max(0, Math.min(8, bits))) - 1, 0);
  }

  /**
   * The codes {@code low … high} with a zero point among them, as other tools count them.
   *
   * @param step the real value of one code
   */
  public static Activation of(float step, int low, int high, int zero) {
    Check.that(low <= high && high - low <= MOST, "codes %d to %d do not fit 8 bits", low, high);
    Check.that(
        zero >= low && zero <= high,
        "codes %d to %d with the zero point %d, which is none of them",
        low,
        high,
        zero);
    int most = Math.max(1, high - low);
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(most);
    return new Activation(bits, step, zero - low, most, low);
  }

  /** Whether the codes are {@code 0 … 2^bits − 1} with 0 for 0. */
  public boolean isPlain() {
    return zero == 0 && maxCode == (1 << bits) - 1 && base == 0;
  }

  /** Their range, and what they stand for. */
  TensorCodes codes() {
    return new TensorCodes(maxCode, zero, step, base);
  }
}
