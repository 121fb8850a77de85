package org.bitquake.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * The medians of an earlier run, out of its JSON.
 *
 * @param processor the machine that it ran on
 * @param seconds of a call, by what was measured
 */
record Earlier(String processor, Map<Key, Double> seconds) {
  /** What tells measurements apart. */
  record Key(String quantity, String subject, String engine, int images) {
    static Key of(Series s) {
      return new Key(s.quantity().name(), s.subject(), s.engine(), s.images());
    }
  }

  /**
   * Reads what {@code --json} wrote.
   *
   * @throws InputException if it is not that
   */
  static Earlier read(Path file) throws IOException {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new InputException("--against " + file + ": not the JSON of a bench run", e);
    }
    Map<Key, Double> seconds = new HashMap<>();
    for (JsonNode s : root.path("series")) {
      var key =
          new Key(
              s.path("quantity").asText(),
              s.path("subject").asText(),
              s.path("engine").asText(),
              s.path("images").asInt());
      seconds.put(key, s.path("medianCpuSeconds").asDouble());
    }
    if (seconds.isEmpty()) {
      throw new InputException("--against " + file + ": no measurements of engines in it");
    }
    return new Earlier(root.path("machine").path("processor").asText(), seconds);
  }

  /** A table of what both runs measured. */
  String beside(Results now) {
    var table = new Columns("network", "engine", "images", "what", "µs before", "µs now", "speed");
    for (Series s : now.series()) {
      Double before = seconds.get(Key.of(s));
      if (before != null) {
        table.add(
            s.subject(),
            s.engine(),
            s.images() == 0 ? "" : Text.of("%,d", s.images()),
            s.quantity().name().toLowerCase(Locale.ROOT),
            Text.of("%,.1f", before * 1e6),
            Text.of("%,.1f", s.seconds() * 1e6),
            Text.of("× %.2f", before / s.seconds()));
      }
    }
    String where = processor.equals(now.machine().processor()) ? "" : ", which ran on " + processor;
    return table.isEmpty() ? "" : Text.of("%nAgainst the earlier run%s%n%s", where, table.render());
  }
}
