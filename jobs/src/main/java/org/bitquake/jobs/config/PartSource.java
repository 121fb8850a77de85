package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.bitquake.protect.Part;

/**
 * A part of a protection in a configuration, such as {@code parity} or {@code harden: {bits: [3]}}.
 */
public record PartSource(Part part) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static PartSource of(JsonNode node) {
    return new PartSource(Form.read("protection", List.of(PartForm.values()), node));
  }
}
