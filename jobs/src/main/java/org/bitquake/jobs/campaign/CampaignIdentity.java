package org.bitquake.jobs.campaign;

import java.util.Map;
import java.util.TreeMap;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Identity;
import org.bitquake.memory.OperatingPoint;

/** What determines the rows of a campaign. */
final class CampaignIdentity {
  /** Raised whenever the same inputs would give other rows, other columns or other waves. */
  static final int ROW_FORMAT = 3;

  private CampaignIdentity() {}

  static Identity of(Campaign campaign) {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("rowFormat", ROW_FORMAT);
    facts.put("seed", campaign.seed());
    facts.put("kinds", campaign.kinds().stream().map(MemoryModel::name).toList());
    if (!campaign.kinds().stream().allMatch(MemoryModel::isClassic)) {
      facts.put("models", campaign.kinds().stream().map(k -> k.text().orElse("")).toList());
    }
    facts.put("rates", campaign.rates());
    if (!campaign.points().isEmpty()) {
      facts.put("voltages", campaign.points().stream().map(OperatingPoint::voltage).toList());
      facts.put("energies", campaign.points().stream().map(CampaignIdentity::energy).toList());
    }
    facts.put("encoding", campaign.encoding().label());
    facts.put("networks", campaign.networks().stream().map(CampaignNetwork::facts).toList());
    facts.put("dataset", campaign.dataset().name());
    facts.put("datasetSha256", campaign.dataset().sha256());
    facts.put("images", campaign.autoImages() ? "auto" : campaign.images());
    facts.put("trials", campaign.trials());
    campaign.halfWidth().ifPresent(halfWidth -> facts.put("halfWidth", halfWidth));
    if (!campaign.isAdaptive()) {
      facts.put("waves", campaign.waves().waves());
    }
    if (campaign.hasTop5()) {
      facts.put("top5", true); // its tables have more columns
    }
    facts.put("confidence", campaign.confidence());
    return Identity.of(facts);
  }

  private static String energy(OperatingPoint point) {
    return point.energy().isPresent() ? Double.toString(point.energy().getAsDouble()) : "";
  }
}
