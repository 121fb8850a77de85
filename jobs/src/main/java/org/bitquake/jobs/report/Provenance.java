package org.bitquake.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;

/** Where a result directory's tables come from, and how to make them again. */
record Provenance(Results results) {

  /** Facts in words, name to value. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("directory", results.place());
    facts.put("job", results.job());
    put(facts, "identity", results.identityHash());
    var identity = results.identity();
    for (String key : new String[] {"seed", "dataset", "datasetSha256", "confidence", "encoding"}) {
      put(facts, key, identity.path(key).asText(""));
    }
    results
        .origin()
        .path("software")
        .fields()
        .forEachRemaining(f -> put(facts, "made with " + f.getKey(), f.getValue().asText()));
    facts.put("engine", "any: every engine gives the same rows, to the bit");
    for (String table : results.tables()) {
      facts.put("table " + table, Text.of("%,d rows", results.store().rows(table)));
    }
    return plain(facts);
  }

  /** Content hashes of the networks, by name. */
  Map<String, String> networks() {
    Map<String, String> hashes = new LinkedHashMap<>();
    results
        .identity()
        .path("networks")
        .forEach(n -> put(hashes, n.path("name").asText("?"), n.path("contentHash").asText("?")));
    return plain(hashes);
  }

  private static Map<String, String> plain(Map<String, String> facts) {
    Map<String, String> plain = new LinkedHashMap<>();
    facts.forEach((key, value) -> plain.put(PlainText.of(key), PlainText.of(value)));
    return plain;
  }

  private static void put(Map<String, String> facts, String key, String value) {
    if (!value.isEmpty()) {
      facts.put(key, value);
    }
  }

  /** What to type to get the same tables; empty if the directory does not know. */
  Optional<String> command() {
    JsonNode config = results.origin().path("config");
    if (!config.isTextual()) {
      return Optional.empty();
    }
    var command = new StringBuilder("submit/bitquake ");
    command.append(results.job()).append(' ').append(Shell.quoted(config.asText()));
    command.append(" --output ").append(Shell.quoted(results.place()));
    JsonNode data = results.origin().path("data");
    if (data.isTextual()) {
      command.append(" --data ").append(Shell.quoted(data.asText()));
    }
    results
        .origin()
        .path("networks")
        .forEach(n -> command.append(" --network ").append(Shell.quoted(n.asText())));
    return Optional.of(PlainText.of(command.toString()));
  }

  /** The configuration file as it was; empty if the directory does not know. */
  Optional<String> configuration() {
    JsonNode text = results.origin().path("text");
    return text.isTextual() ? Optional.of(PlainText.of(text.asText())) : Optional.empty();
  }

  /** Everything that determines the rows, as JSON. */
  Optional<String> identity() {
    return results.identity().isObject()
        ? Optional.of(PlainText.of(results.identity().toPrettyString()))
        : Optional.empty();
  }
}
