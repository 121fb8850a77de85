package org.bitquake.jobs.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** The column {@code provenance} of tables. */
public final class ProvenanceJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ProvenanceJson() {}

  /** An object of texts. */
  public static String of(Map<String, String> provenance) {
    try {
      return MAPPER.writeValueAsString(provenance);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
