package org.bitquake.jobs.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;
import org.bitquake.jobs.store.TableStore;

/** A campaign's directory in words: what it is, how far it is, what tables it has. */
final class CampaignInspection {
  /** What marks a directory as a campaign's. */
  static final String MARKER = "campaign.json";

  private static final int LONGEST_MARKER = 1 << 20;

  private final TableStore store;
  private final String directory;
  private final JsonNode campaign;

  /**
   * @throws InputException if the directory is no campaign's
   */
  CampaignInspection(String directory, Configuration hadoop) {
    this.directory = directory;
    this.store = new TableStore(directory, hadoop);
    this.campaign = read(new Path(directory, MARKER), hadoop);
  }

  private JsonNode read(Path marker, Configuration hadoop) {
    try (var in = marker.getFileSystem(hadoop).open(marker)) {
      return JsonMapper.builder().build().readTree(in.readNBytes(LONGEST_MARKER));
    } catch (java.io.FileNotFoundException e) {
      throw new InputException(
          Text.of("%s: no %s here, so it is no campaign's directory", directory, MARKER), e);
    } catch (IOException e) {
      throw new InputException(Text.of("%s: cannot be read: %s", marker, e.getMessage()), e);
    }
  }

  String text() {
    JsonNode facts = campaign.path("identity");
    var text = new StringBuilder();
    text.append("campaign ").append(campaign.path("name").asText("?")).append('\n');
    facts
        .fields()
        .forEachRemaining(
            f ->
                text.append("  ")
                    .append(f.getKey())
                    .append(": ")
                    .append(value(f.getValue()))
                    .append('\n'));
    return text.append('\n').append(progress(facts)).append('\n').append(tables()).toString();
  }

  /** A network is an object of several facts; its name is enough. */
  private static String value(JsonNode node) {
    if (node.isObject()) {
      return node.path("name").asText(node.toString());
    }
    if (!node.isArray()) {
      return node.asText();
    }
    var values = new StringBuilder();
    node.forEach(v -> values.append(values.isEmpty() ? "" : ", ").append(value(v)));
    return values.toString();
  }

  private String progress(JsonNode facts) {
    if (facts.has("singleFaults")) {
      boolean all = store.tables().contains("single_fault_rates");
      return progress("single_faults", "single faults", facts.path("singleFaults").asLong(), all);
    }
    long wanted =
        facts.path("trials").asLong()
            * facts.path("networks").size()
            * facts.path("kinds").size()
            * facts.path("rates").size();
    return progress("trials", "trials", wanted, store.tables().contains("cells"));
  }

  private String progress(String table, String what, long wanted, boolean finished) {
    return Text.of(
        "%,d of %,d %s done%s%n",
        store.rows(table),
        wanted,
        what,
        finished ? "; finished" : "; the same command goes on from here");
  }

  private String tables() {
    var table = new TextTable("table", "rows");
    for (String name : store.tables()) {
      table.add(name, Text.of("%,d", store.rows(name)));
    }
    return table.render();
  }
}
