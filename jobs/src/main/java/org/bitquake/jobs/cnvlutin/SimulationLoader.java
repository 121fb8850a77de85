package org.bitquake.jobs.cnvlutin;

import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.cnvlutin.CountingSimulator;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.TargetMemory;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.CnvlutinConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.FaultTargets;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.MemoryModels;
import org.bitquake.jobs.injection.RateList;
import org.bitquake.network.Convolution;

/** Reads the files that a configuration names and checks that they fit together. */
final class SimulationLoader {
  private SimulationLoader() {}

  /**
   * Loads a simulation.
   *
   * @param options of the command line
   * @throws InputException that names the file, line and key of the first thing that does not fit
   */
  static Simulation load(
      Yaml.Document<CnvlutinConfig> document, InputOptions options, Configuration hadoop) {
    var config = document.value();
    var inputs = Inputs.load(document, config.networks(), config.data(), options, hadoop);
    int available = inputs.dataset().size();
    int images = config.images().count().orElse(available);
    if (images > available) {
      throw document.error(
          "images", Text.of("%d, but %s has %d", images, inputs.dataset().name(), available));
    }
    for (int i = 0; i < inputs.networks().size(); i++) {
      requireWork(inputs.errors().get(i), inputs.networks().get(i), config.machine());
    }
    var faults = config.faults().map(CnvlutinConfig.Faults::memory);
    var encoding =
        faults
            .map(CampaignConfig.Faults::encoding)
            .map(Encoding::of)
            .orElse(Encoding.TWOS_COMPLEMENT);
    var networks =
        FaultTargets.of(
            document,
            inputs.networks(),
            encoding,
            faults.flatMap(CampaignConfig.Faults::layers),
            faults.flatMap(CampaignConfig.Faults::bits));
    var models = faults.map(its -> models(document, its, networks, hadoop)).orElse(List.of());
    return new Simulation(
        config.name(),
        config.seed(),
        networks,
        inputs.dataset(),
        images,
        config.machine(),
        config.energy(),
        config.detail().equals(CnvlutinConfig.IMAGE),
        models,
        faults.map(its -> rates(document, its, models, hadoop)).orElse(List.of()),
        config.faults().map(CnvlutinConfig.Faults::maps).orElse(0),
        encoding);
  }

  private static List<MemoryModel> models(
      Yaml.Document<CnvlutinConfig> document,
      CampaignConfig.Faults faults,
      List<CampaignNetwork> networks,
      Configuration hadoop) {
    var storage = document.value().memory().storage();
    var models = MemoryModels.of(document, faults.faultModels(), storage, networks, hadoop);
    for (int i = 0; i < models.size(); i++) {
      requireStored(document, "faults.models[" + i + "].target", models.get(i));
    }
    return models;
  }

  /** Offsets that fail must be those that the machine stores. */
  private static void requireStored(
      Yaml.Document<CnvlutinConfig> document, String key, MemoryModel model) {
    var machine = document.value().machine();
    if (model.faults().memory() instanceof TargetMemory.Offsets its && !machine.stores(its)) {
      throw document.error(key, otherwise(machine, its.isTransient()));
    }
  }

  private static String otherwise(Accelerator machine, boolean isTransient) {
    try {
      String target = machine.offsets(isTransient).label();
      return Text.of(
          "the accelerator stores other offsets than these; write %s",
          target.contains(":") ? "{" + target + "}" : target);
    } catch (IllegalArgumentException e) {
      return "the accelerator has " + e.getMessage();
    }
  }

  private static List<Double> rates(
      Yaml.Document<?> document,
      CampaignConfig.Faults faults,
      List<MemoryModel> models,
      Configuration hadoop) {
    var rates = RateList.of(document, faults.rates(), models, hadoop).rates();
    if (rates.contains(0.0)) {
      throw document.error(
          "faults.rates", "no cell fails at one of the voltages; 0 is simulated in any case");
    }
    return rates;
  }

  private static void requireWork(
      Function<String, InputException> error, NamedNetwork it, Accelerator accelerator) {
    List<Convolution> layers = it.network().weightLayers();
    if (!accelerator.encodeFullyConnected() && layers.stream().allMatch(Convolution::isDense)) {
      throw error.apply(
          Text.of(
              "network %s has no convolution layers, and fully connected ones are skipped through only with accelerator.encodeFullyConnected: true",
              it.name()));
    }
    for (Convolution layer : layers) {
      try {
        new CountingSimulator(
            accelerator, layer.inputShape(), layer.geometry(), accelerator.encodes(layer));
      } catch (IllegalArgumentException e) {
        throw error.apply(
            Text.of("layer %s of network %s: %s", layer.name(), it.name(), e.getMessage()));
      }
    }
  }
}
