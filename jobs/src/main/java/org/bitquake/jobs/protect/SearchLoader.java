package org.bitquake.jobs.protect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.ProtectConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.FaultTargets;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.MemoryModels;
import org.bitquake.jobs.injection.RateList;
import org.bitquake.network.Convolution;

/** Reads the files that a configuration names and checks that they fit together. */
final class SearchLoader {
  private static final int LONGEST_FAULTS = 24;

  private final Yaml.Document<ProtectConfig> document;
  private final ProtectConfig config;

  private SearchLoader(Yaml.Document<ProtectConfig> document) {
    this.document = document;
    this.config = document.value();
  }

  /**
   * Loads a search.
   *
   * @throws InputException that names the file, line and key, or the option, of the first thing
   *     that does not fit
   */
  static SearchPlan load(
      Yaml.Document<ProtectConfig> document, InputOptions options, Configuration hadoop) {
    return new SearchLoader(document).load(options, hadoop);
  }

  private SearchPlan load(InputOptions options, Configuration hadoop) {
    var inputs = Inputs.load(document, config.networks(), config.data(), options, hadoop);
    var dataset = inputs.dataset();
    var faults = config.faults();
    var networks =
        FaultTargets.of(
            document,
            inputs.networks(),
            Encoding.of(faults.encoding()),
            faults.layers(),
            faults.bits());
    var storage = config.memory().storage();
    var models = MemoryModels.of(document, faults.faultModels(), storage, networks, hadoop);
    var model = models.get(0);
    requireWeights(model);
    var rates = RateList.of(document, faults.rates(), models, hadoop);
    if (rates.rates().get(0) == 0) {
      throw document.error("faults.rates", "no cell fails at a rate of 0; give a higher one");
    }
    var techniques = config.allow().techniqueList(config.memory());
    for (int i = 0; i < techniques.size(); i++) {
      var its =
          new MemoryModel(
              model.faults(),
              storage,
              Optional.empty(),
              Optional.of(SearchPlan.everywhere(techniques.get(i))));
      for (var network : networks) {
        String key = config.allow().techniques().isPresent() ? "techniques[" + i + "]" : "";
        MemoryModels.requireProtects(document, "allow." + key, its, network);
      }
    }
    int images = config.images().count().orElse(dataset.size());
    if (images > dataset.size()) {
      throw document.error(
          "images", Text.of("%d, but %s has %d", images, dataset.name(), dataset.size()));
    }
    return new SearchPlan(
        config.name(),
        config.seed(),
        networks,
        dataset,
        images,
        model,
        rates.rates().get(0),
        rates.points().stream().findFirst(),
        networks.stream().map(this::encodings).toList(),
        techniques,
        config.allow().area(),
        config.target(),
        config.trials().search(),
        config.trials().confirm(),
        config.confidence());
  }

  private void requireWeights(MemoryModel model) {
    if (!model.isOfWeights()) {
      throw document.error(
          "faults.models[0].target", "a protection is of the memory of weights; leave target out");
    }
    if (model.faults().name().length() > LONGEST_FAULTS) {
      throw document.error(
          "faults.models[0].name",
          Text.of(
              "\"%s\" is longer than %d characters; tables add encoding and design to it",
              model.faults().name(), LONGEST_FAULTS));
    }
  }

  /** Those that hold a network's codes, the one in use first. */
  private List<Encoding> encodings(CampaignNetwork network) {
    List<Encoding> asked = config.allow().encodingList();
    List<Encoding> fit = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      if (holds(asked.get(i), network)) {
        fit.add(asked.get(i));
      } else if (config.allow().encodings().isPresent()) {
        throw document.error(
            "allow.encodings[" + i + "]",
            Text.of(
                "%s cannot hold the codes of network %s", asked.get(i).label(), network.name()));
      }
    }
    var inUse = Encoding.of(config.faults().encoding());
    if (fit.remove(inUse)) {
      fit.add(0, inUse);
    }
    return List.copyOf(fit);
  }

  private static boolean holds(Encoding encoding, CampaignNetwork network) {
    for (Convolution layer : network.network().weightLayers()) {
      for (byte code : layer.weights().codes()) {
        if (!encoding.represents(code, layer.weights().bits())) {
          return false;
        }
      }
    }
    return true;
  }
}
