package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import org.bitquake.Text;
import org.bitquake.train.WeightClip;

/** Where weights are clipped in a configuration: a number, or {@code {quantile: 0.99}}. */
public record ClipSource(WeightClip clip) {
  private static final String QUANTILE = "quantile";

  /** The other form. */
  public record OfQuantile(
      @Key(
              value = "share of a layer's weights whose largest magnitude bounds the others",
              above = 0,
              below = 1)
          double quantile) {}

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ClipSource of(JsonNode node) {
    if (node.isNumber()) {
      double bound = node.doubleValue();
      if (!(bound > 0 && Double.isFinite(bound))) {
        throw new IllegalArgumentException(bound + " is no magnitude of weights; use one above 0");
      }
      return new ClipSource(WeightClip.within(bound));
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected a number, or {quantile: …}");
    }
    node.fieldNames().forEachRemaining(ClipSource::requireKnown);
    var quantile = node.path(QUANTILE);
    if (quantile.isMissingNode()) {
      throw new IllegalArgumentException(Text.of("missing key \"%s\"", QUANTILE));
    }
    if (!quantile.isNumber()) {
      throw new InvalidValue(QUANTILE, "expected a number between 0 and 1");
    }
    Checks.fraction(QUANTILE, quantile.doubleValue());
    return new ClipSource(WeightClip.ofQuantile(quantile.doubleValue()));
  }

  private static void requireKnown(String key) {
    if (!key.equals(QUANTILE)) {
      throw new InvalidValue(
          key, Text.of("unknown key \"%s\"; known keys here: %s", key, QUANTILE));
    }
  }
}
