package org.bitquake.jobs.campaign;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.jobs.store.StoreFiles;
import org.bitquake.jobs.store.TableStore;

/**
 * The directory that a campaign writes to. Its file {@code campaign.json} says which campaign that
 * is, and that it is bitquake's to change.
 */
final class CampaignDirectory {
  private static final String FILE = "campaign.json";
  private static final String FORMAT = "bitquake-campaign";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final TableStore store;
  private final StoreFiles files;
  private final Path marker;

  private CampaignDirectory(String directory, Configuration hadoop) {
    this.store = new TableStore(directory, hadoop);
    this.marker = new Path(store.root(), FILE);
    try {
      this.files = new StoreFiles(marker.getFileSystem(hadoop), hadoop);
    } catch (IOException e) {
      throw new InputException(directory + ": cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a directory ready for a campaign: new, or with what the same campaign has committed so
   * far.
   *
   * @param overwrite true to delete the tables of another campaign there, or of this one
   * @throws InputException if it holds something else, or cannot be written to
   */
  static TableStore open(
      String directory,
      String name,
      CampaignIdentity identity,
      boolean overwrite,
      Configuration hadoop) {
    var it = new CampaignDirectory(directory, hadoop);
    if (it.files.exists(it.marker)) {
      var found = it.read();
      if (overwrite) {
        it.store.clear();
        it.files.delete(it.marker);
        it.mark(name, identity);
      } else {
        it.requireSame(found, identity);
        it.store.sweep();
      }
    } else {
      it.requireEmpty();
      it.mark(name, identity);
    }
    return it.store;
  }

  private void requireSame(CampaignIdentity found, CampaignIdentity wanted) {
    if (!found.hash().equals(wanted.hash())) {
      throw new InputException(
          "%s holds another campaign (other %s); choose another --output, or --output-mode overwrite"
              .formatted(store.root(), String.join(", ", found.differences(wanted))));
    }
  }

  private void requireEmpty() {
    for (var status : files.list(store.root())) {
      String found = status.getPath().getName();
      boolean draft = found.startsWith(FILE) && found.endsWith(".tmp"); // of a run killed early
      if (!draft) {
        throw new InputException(
            "%s holds %s but no %s, so it is not a campaign's; choose another --output"
                .formatted(store.root(), found, FILE));
      }
    }
  }

  private CampaignIdentity read() {
    try {
      JsonNode json = MAPPER.readTree(files.readSmall(marker));
      boolean sound =
          json.path("format").asText().equals(FORMAT) && json.path("identity").isObject();
      if (sound) {
        var identity = new CampaignIdentity(json.get("identity"));
        if (identity.hash().equals(json.path("hash").asText())) {
          return identity;
        }
      }
    } catch (IOException e) {
      throw new InputException(damaged(), e);
    }
    throw new InputException(damaged());
  }

  private String damaged() {
    return marker + ": damaged, or not bitquake's; choose another --output";
  }

  private void mark(String name, CampaignIdentity identity) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.put("name", name);
    json.put("hash", identity.hash());
    json.set("identity", identity.facts());
    try {
      files.writeOnce(marker, MAPPER.writeValueAsBytes(json));
    } catch (FileAlreadyExistsException e) {
      throw new InputException(
          store.root() + ": another run began here just now; choose another --output", e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
