package org.bitquake.jobs.figure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bitquake.fault.FaultKind;

/** The panels of a figure: one for each kind or model of faults. */
public final class FaultPanels {
  private FaultPanels() {}

  /**
   * What is there in the order of the models, or of the paper's kinds where there are no models;
   * then any others by name.
   *
   * @param kinds what is there, in any order, also several times
   * @param models of the configuration, in its order
   */
  public static List<String> order(Stream<String> kinds, List<String> models) {
    var known =
        models.isEmpty() ? Stream.of(FaultKind.values()).map(FaultKind::label).toList() : models;
    var present = kinds.distinct().sorted().toList();
    return Stream.concat(
            known.stream().filter(present::contains),
            present.stream().filter(kind -> !known.contains(kind)))
        .toList();
  }

  /**
   * {@code bit-flip} as {@code Bit flip}, also {@code bit-flip + secded-32}; {@code stuck-at-0} as
   * {@code Stuck-at-0}.
   */
  public static String title(String kind) {
    String flip = FaultKind.BIT_FLIP.label();
    boolean flips = kind.equals(flip) || kind.startsWith(flip + " ");
    String words = flips ? "bit flip" + kind.substring(flip.length()) : kind;
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
