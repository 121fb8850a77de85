package org.bitquake.jobs.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.BuildInfo;

/**
 * How the job of a result directory was asked for, to ask for it again: for people, no part of its
 * {@link Identity}.
 *
 * @param config the configuration file, as named on the command line
 * @param text all that it held
 * @param data directory of the data set, if the command line named one
 * @param networks those of the command line
 * @param software what ran it, name to version
 */
public record Origin(
    String config,
    String text,
    Optional<String> data,
    List<String> networks,
    Map<String, String> software) {

  /** Asked for now, by this process. */
  public static Origin now(
      String config, String text, Optional<String> data, List<String> networks, String spark) {
    Map<String, String> software = new LinkedHashMap<>();
    software.put("bitquake", BuildInfo.version());
    software.put("Spark", spark);
    software.put("Java", System.getProperty("java.version"));
    software.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return new Origin(config, text, data, networks, software);
  }

  /** As the file that marks the directory has it; what it lacks is empty. */
  static Origin of(JsonNode marker) {
    JsonNode json = marker.path("origin");
    Optional<String> data = Optional.of(json.path("data").asText()).filter(d -> !d.isEmpty());
    List<String> networks = new ArrayList<>();
    json.path("networks").forEach(network -> networks.add(network.asText()));
    return new Origin(
        json.path("config").asText(), json.path("text").asText(), data, networks, Map.of());
  }

  /** As the file that marks the directory keeps it. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("config", config);
    json.put("text", text);
    data.ifPresent(directory -> json.put("data", directory));
    if (!networks.isEmpty()) {
      json.put("networks", networks);
    }
    json.put("software", software);
    return json;
  }
}
