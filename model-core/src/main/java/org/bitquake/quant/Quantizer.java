package org.bitquake.quant;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;

/** How a step size, the real value of one code, is chosen during training. */
public enum Quantizer {
  /** Learned by gradient descent with the network (LSQ, arXiv 1902.08153). */
  LSQ,
  /** The largest magnitude is the largest code; for activations a running 99.9 % quantile is. */
  MAX,
  /** The step with the smallest squared rounding error; for activations its running mean. */
  MSE,
  /**
   * A clip learned by gradient descent, over mid-rise weight codes and over activations: the
   * quantiser that SAQ was published with (arXiv 2111.12273).
   */
  LIQ;

  /** Whether steps are parameters that gradient descent moves. */
  public boolean learns() {
    return this == LSQ || this == LIQ;
  }

  /** The name used in configurations and provenance. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Quantizer of(String label) {
    return Arrays.stream(values())
        .filter(q -> q.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "unknown quantizer \"%s\"; known: %s",
                        label,
                        Arrays.stream(values())
                            .map(Quantizer::label)
                            .collect(Collectors.joining(", ")))));
  }
}
