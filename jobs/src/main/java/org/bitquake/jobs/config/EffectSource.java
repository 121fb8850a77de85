package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.bitquake.fault.CellEffect;

/** An effect of faults in a configuration, such as {@code stuck-open} or {@code mixed: {…}}. */
public record EffectSource(CellEffect effect) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static EffectSource of(JsonNode node) {
    return new EffectSource(Form.read("effect", List.of(EffectForm.values()), node));
  }
}
