package org.bitquake.jobs.protect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bitquake.Text;
import org.bitquake.jobs.config.ProtectConfig;
import org.bitquake.jobs.config.ProtectionSource;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.protect.search.Measured;

/**
 * A campaign's configuration that runs a winner's fresh trials again, with and without it. Its
 * paths are absolute, so it may be moved.
 *
 * @param document that asked for the search
 * @param data directory of the data set on the command line, instead of the document's
 */
record WinnerFile(SearchPlan plan, Yaml.Document<ProtectConfig> document, Optional<String> data) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The file's name. */
  static String name(String network) {
    return ResultDirectory.WINNER + network.replaceAll("[^A-Za-z0-9._-]", "_") + ".yaml";
  }

  /**
   * The file's text.
   *
   * @param trials of the confirmation
   */
  String text(NetworkSearch search, Measured winner, long trials) {
    var its = plan.networks().get(search.network());
    var asked = document.tree();
    Map<String, JsonNode> keys = new LinkedHashMap<>();
    String name = Text.of("%s, %s", plan.name(), its.name());
    keys.put("name", TextNode.valueOf(name));
    keys.put("seed", NODES.numberNode(plan.freshSeed()));
    keys.put(
        "networks",
        NODES.arrayNode().add(NODES.objectNode().put("file", its.file()).put("name", its.name())));
    keys.put("data", data((ObjectNode) asked.get("data")));
    keys.put("faults", faults((ObjectNode) asked.get("faults"), winner));
    if (asked.has("memory")) {
      keys.put("memory", asked.get("memory"));
    }
    var protection = search.space().protection(winner.design(), search.name(winner.design()));
    if (!protection.parts().isEmpty()) {
      keys.put(
          "protections", NODES.arrayNode().add("none").add(ProtectionSource.of(protection).json()));
    }
    keys.put("trials", NODES.objectNode().put("perCell", Math.max(2, trials)));
    keys.put("images", NODES.numberNode(plan.images()));
    keys.put("confidence", NODES.numberNode(plan.confidence()));
    keys.put("output", TextNode.valueOf("results/" + ResultDirectory.WINNER + its.name()));
    var text =
        new StringBuilder(
            Text.of(
                """
            # The cheapest protection of %s that keeps %.2f %%, found by bitquake protect:
            # %s, %s.
            # This campaign runs its fresh trials again, and the same without a protection.
            """,
                its.name(),
                100 * search.target(),
                search.space().text(winner.design()),
                winner.design().encoding().label()));
    keys.forEach((key, value) -> text.append(key).append(": ").append(json(value)).append('\n'));
    return text.toString();
  }

  private JsonNode data(ObjectNode asked) {
    absolute(asked, "path", "data.path");
    absolute(asked, "directory", "data.directory");
    data.filter(directory -> asked.has("name"))
        .ifPresent(directory -> asked.put("directory", Yaml.local(directory).toString()));
    return asked;
  }

  private JsonNode faults(ObjectNode asked, Measured winner) {
    asked.put("encoding", winner.design().encoding().label());
    if (asked.path("rates") instanceof ObjectNode byVoltage) {
      absolute(byVoltage, "curve", "faults.rates.curve");
    }
    if (asked.path("models").path(0).path("pattern").path("profile") instanceof ArrayNode chips) {
      for (int i = 0; i < chips.size(); i++) {
        String key = "faults.models[0].pattern.profile[" + i + "]";
        if (chips.get(i) instanceof ObjectNode chip) {
          absolute(chip, "file", key);
        } else {
          chips.set(i, TextNode.valueOf(path(key).apply(chips.get(i).textValue())));
        }
      }
    }
    return asked;
  }

  private void absolute(ObjectNode node, String key, String path) {
    if (node.has(key)) {
      node.put(key, path(path).apply(node.get(key).textValue()));
    }
  }

  private UnaryOperator<String> path(String key) {
    return its -> document.beside(key, its).toString();
  }

  private static String json(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
