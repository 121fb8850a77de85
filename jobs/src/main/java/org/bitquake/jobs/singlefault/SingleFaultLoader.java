package org.bitquake.jobs.singlefault;

import org.apache.hadoop.conf.Configuration;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.Stratification;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.SingleFaultConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.FaultTargets;
import org.bitquake.jobs.injection.MemoryModels;

/** Reads the files that a configuration names and checks that they fit together. */
public final class SingleFaultLoader {
  private SingleFaultLoader() {}

  /**
   * Loads a campaign.
   *
   * @param options of the command line
   * @throws org.bitquake.InputException that names the file, line and key, or the option, of the
   *     first thing that does not fit
   */
  public static SingleFaultCampaign load(
      Yaml.Document<SingleFaultConfig> document, InputOptions options, Configuration hadoop) {
    var config = document.value();
    var inputs = Inputs.load(document, config.networks(), config.data(), options, hadoop);
    var faults = config.faults();
    var encoding = Encoding.of(faults.encoding());
    var networks =
        FaultTargets.of(document, inputs.networks(), encoding, faults.layers(), faults.bits());
    var dataset = inputs.dataset();
    int images = config.images().count().orElse(dataset.size());
    if (images > dataset.size()) {
      throw document.error(
          "images", Text.of("%d, but %s has %d", images, dataset.name(), dataset.size()));
    }
    var campaign =
        new SingleFaultCampaign(
            config.name(),
            config.seed(),
            networks,
            dataset,
            images,
            faults.faultKind(),
            faults.faultEvent(),
            config.memory().storage(),
            MemoryModels.read(document, config.protectionList(), hadoop),
            encoding,
            Stratification.of(faults.per()),
            faults.sampleSize(),
            faults.confidence());
    for (int network = 0; network < networks.size(); network++) {
      requireWords(document, campaign, network);
      requireProtects(document, campaign, network);
      if (campaign.faults(network) == 0) {
        throw document.error(
            "faults",
            Text.of(
                "network %s has no memory cell in scope; name other layers or bits",
                networks.get(network).name()));
      }
    }
    return campaign;
  }

  private static void requireProtects(
      Yaml.Document<?> document, SingleFaultCampaign campaign, int network) {
    var models = campaign.models(network);
    for (int i = 0; i < models.size(); i++) {
      MemoryModels.requireProtects(
          document, "protections[" + i + "]", models.get(i), campaign.networks().get(network));
    }
  }

  private static void requireWords(
      Yaml.Document<?> document, SingleFaultCampaign campaign, int network) {
    try {
      campaign.events(network).layout(campaign.networks().get(network).network());
    } catch (IllegalArgumentException e) {
      throw document.error(
          "memory.word",
          Text.of(
              "%s, as network %s has", e.getMessage(), campaign.networks().get(network).name()));
    }
  }
}
