package org.bitquake.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * In how many ways the networks of a directory were trained: a look at their provenance that spares
 * the questions whose answers would be empty.
 *
 * @param provenance of each network
 */
record Trainings(List<JsonNode> provenance) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Of rows with a column {@code provenance}. */
  static Trainings of(List<Row> networks) {
    return new Trainings(
        networks.stream().map(row -> parse(row.<String>getAs("provenance"))).distinct().toList());
  }

  private static JsonNode parse(String provenance) {
    try {
      return MAPPER.readTree(provenance == null ? "{}" : provenance);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether some may differ in their seed alone, or be compared seed by seed. */
  boolean haveSeeds() {
    return provenance.stream().map(p -> p.path("seed").asText("")).distinct().count() > 1;
  }

  /** Whether they are more than the paper's four: three values of λ or ρ, or several quantisers. */
  boolean mayBeGrid() {
    return values("lambda").size() > 2
        || values("rho").size() > 2
        || values("quantizer").size() > 1;
  }

  private Set<String> values(String key) {
    return provenance.stream().map(p -> p.path(key).asText("")).collect(Collectors.toSet());
  }
}
