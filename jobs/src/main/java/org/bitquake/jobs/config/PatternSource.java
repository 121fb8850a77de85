package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.bitquake.fault.FaultPattern;

/** A pattern of faults in a configuration, such as {@code row} or {@code columns: {shape: 1}}. */
public record PatternSource(FaultPattern pattern) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static PatternSource of(JsonNode node) {
    return new PatternSource(Form.read("pattern", List.of(PatternForm.values()), node));
  }
}
