package org.bitquake.jobs.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bitquake.Sha256;

/**
 * Everything that determines the rows of a job, as canonical JSON, and its SHA-256. Two jobs with
 * the same identity have the same tables; the names of files and people, the number of cores and
 * the day are not part of it.
 *
 * @param facts sorted by key
 */
public record Identity(JsonNode facts) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /**
   * The identity that some facts make.
   *
   * @param facts numbers, texts, lists and maps
   */
  public static Identity of(Map<String, Object> facts) {
    try {
      return new Identity(MAPPER.readTree(MAPPER.writeValueAsBytes(new TreeMap<>(facts))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SHA-256 of the canonical JSON, hex. */
  public String hash() {
    try {
      return Sha256.hex(MAPPER.writeValueAsString(facts).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The beginning of the hash, for names of parts. */
  public String shortHash() {
    return hash().substring(0, 16);
  }

  /** The facts that are different in another identity, such as {@code rates, seed}. */
  public List<String> differences(Identity other) {
    var keys = new TreeSet<String>();
    facts.fieldNames().forEachRemaining(keys::add);
    other.facts.fieldNames().forEachRemaining(keys::add);
    return keys.stream()
        .filter(key -> !String.valueOf(facts.get(key)).equals(String.valueOf(other.facts.get(key))))
        .toList();
  }
}
