package org.bitquake.jobs.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that determines the rows of a campaign, as canonical JSON, and its SHA-256. Two
 * campaigns with the same identity have the same tables; the names of files and people, the number
 * of cores and the day are not part of it.
 *
 * @param facts sorted by key
 */
record CampaignIdentity(JsonNode facts) {
  /** Raised whenever the same inputs would give other rows, or other columns. */
  static final int ROW_FORMAT = 2;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  static CampaignIdentity of(Campaign campaign) {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("rowFormat", ROW_FORMAT);
    facts.put("seed", campaign.seed());
    facts.put("kinds", campaign.kinds().stream().map(k -> k.label()).toList());
    facts.put("rates", campaign.rates());
    facts.put("encoding", campaign.encoding().label());
    facts.put("networks", campaign.networks().stream().map(CampaignIdentity::network).toList());
    facts.put("dataset", campaign.dataset().name());
    facts.put("datasetSha256", campaign.dataset().sha256());
    facts.put("images", campaign.autoImages() ? "auto" : campaign.images());
    facts.put("trials", campaign.trials());
    campaign.halfWidth().ifPresent(halfWidth -> facts.put("halfWidth", halfWidth));
    if (!campaign.isAdaptive()) {
      facts.put("waves", campaign.waves().waves());
    }
    facts.put("confidence", campaign.confidence());
    return new CampaignIdentity(canonical(facts));
  }

  /** SHA-256 of the canonical JSON, hex. */
  String hash() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      byte[] json = MAPPER.writeValueAsString(facts).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(sha.digest(json));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The facts that are different in another identity, such as {@code rates, seed}. */
  List<String> differences(CampaignIdentity other) {
    var keys = new TreeSet<String>();
    facts.fieldNames().forEachRemaining(keys::add);
    other.facts.fieldNames().forEachRemaining(keys::add);
    return keys.stream()
        .filter(key -> !String.valueOf(facts.get(key)).equals(String.valueOf(other.facts.get(key))))
        .toList();
  }

  private static Map<String, Object> network(CampaignNetwork network) {
    return new TreeMap<>(
        Map.of(
            "name", network.name(),
            "contentHash", network.network().contentHash(),
            "layers", network.scope().layers(),
            "bits", network.scope().bits()));
  }

  private static JsonNode canonical(Map<String, Object> facts) {
    try {
      return MAPPER.readTree(MAPPER.writeValueAsBytes(facts));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
