package org.bitquake.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;

/** What SAQ perturbs, with one norm over the gradients of all of it. */
public enum SaqScope {
  /** The quantised weights. */
  WEIGHTS,
  /**
   * The quantised weights, biases and normalisation parameters; with {@code liq} also the clips of
   * activations.
   */
  ALL;

  /** The name used in configurations and provenance. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of that label.
   *
   * @throws InputException if there is none
   */
  public static SaqScope of(String label) {
    return Arrays.stream(values())
        .filter(s -> s.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "SAQ cannot perturb \"%s\"; known: %s",
                        label,
                        Arrays.stream(values())
                            .map(SaqScope::label)
                            .collect(Collectors.joining(", ")))));
  }
}
