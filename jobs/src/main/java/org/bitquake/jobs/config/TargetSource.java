package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.bitquake.fault.TargetMemory;

/**
 * The memory that fails in a configuration, such as {@code activations} or {@code activations:
 * {transient: true}}.
 */
public record TargetSource(TargetMemory memory) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static TargetSource of(JsonNode node) {
    return new TargetSource(Form.read("target", List.of(TargetForm.values()), node));
  }
}
