package org.bitquake.jobs.campaign;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.CampaignConfig.Until;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.FaultTargets;
import org.bitquake.jobs.injection.MemoryModels;
import org.bitquake.jobs.injection.RateList;

/** Reads the files that a configuration names and checks that they fit together. */
public final class CampaignLoader {
  private final Yaml.Document<CampaignConfig> document;
  private final CampaignConfig config;
  private final Configuration hadoop;

  private CampaignLoader(Yaml.Document<CampaignConfig> document, Configuration hadoop) {
    this.document = document;
    this.config = document.value();
    this.hadoop = hadoop;
  }

  /**
   * Loads a campaign.
   *
   * @param options of the command line
   * @throws InputException that names the file, line and key, or the option, of the first thing
   *     that does not fit
   */
  public static Campaign load(
      Yaml.Document<CampaignConfig> document, InputOptions options, Configuration hadoop) {
    return new CampaignLoader(document, hadoop).load(options);
  }

  private Campaign load(InputOptions options) {
    var inputs = Inputs.load(document, config.networks(), config.data(), options, hadoop);
    var dataset = inputs.dataset();
    var faults = config.faults();
    var networks =
        FaultTargets.of(document, inputs.networks(), encodings(), faults.layers(), faults.bits());
    var models =
        MemoryModels.of(
            document,
            faults.faultModels(),
            config.memory().storage(),
            config.encodingList(),
            config.protectionList(),
            networks,
            hadoop);
    var rates = RateList.of(document, faults.rates(), models, hadoop);
    boolean auto = config.images().auto();
    int images =
        auto
            ? Math.min(Campaign.FIRST_IMAGES, dataset.size())
            : config.images().count().orElse(dataset.size());
    if (images > dataset.size()) {
      throw document.error(
          "images", Text.of("%d, but %s has %d", images, dataset.name(), dataset.size()));
    }
    var until = config.trials().until();
    return new Campaign(
        config.name(),
        config.seed(),
        networks,
        dataset,
        images,
        auto,
        models,
        rates.rates(),
        rates.points(),
        encoding(),
        config.trials().perCell().or(() -> until.map(Until::max)).orElseThrow(),
        until.map(Until::halfWidth),
        config.confidence());
  }

  /** By the key that says so. */
  private Map<String, Encoding> encodings() {
    var several = config.encodingList();
    Map<String, Encoding> all = new LinkedHashMap<>();
    if (several.isEmpty()) {
      all.put("faults.encoding", encoding());
    }
    for (int i = 0; i < several.size(); i++) {
      all.put("encodings[" + i + "]", several.get(i));
    }
    return all;
  }

  private Encoding encoding() {
    return Encoding.of(config.faults().encoding());
  }
}
