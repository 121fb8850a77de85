package org.bitquake.jobs.landscape;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.store.Identity;
import org.bitquake.jobs.store.WavePlan;

/**
 * What is to be computed, with everything that it needs in memory.
 *
 * @param imagesSeed of the choice of images
 * @param dataset the whole data set
 * @param images the chosen ones, in the order of the choice
 */
record Landscape(
    LandscapeConfig config,
    List<NamedNetwork> networks,
    long imagesSeed,
    Dataset dataset,
    Dataset images) {
  /** Raised whenever the same inputs would give other rows, or other columns. */
  private static final int ROW_FORMAT = 2;

  /** How much longer a multiply-accumulate takes than one in integers, about. */
  private static final int SLOWER = 2;

  /**
   * Reads what the configuration and the command line name.
   *
   * @throws org.bitquake.InputException that names the file, line and key of what does not fit
   */
  static Landscape load(
      Yaml.Document<LandscapeConfig> document, InputOptions options, Configuration hadoop) {
    var config = document.value();
    var inputs = Inputs.load(document, config.networks(), config.data(), options, hadoop);
    for (int i = 0; i < inputs.networks().size(); i++) {
      requireTrained(inputs.networks().get(i), inputs.errors().get(i));
    }
    var all = inputs.dataset();
    int count = config.images().count();
    if (count > all.size()) {
      throw document.error(
          "images.count", Text.of("%d, but %s has %d images", count, all.name(), all.size()));
    }
    long seed = config.images().seed().orElse(config.seed());
    int[] chosen = new ImageSampler(seed, all.size(), count).draw(0);
    return new Landscape(config, inputs.networks(), seed, all, all.chosen(chosen));
  }

  /** Landscapes are drawn of networks as training makes them. */
  private static void requireTrained(NamedNetwork it, Function<String, InputException> error) {
    it.network()
        .beyondTraining()
        .ifPresent(
            what -> {
              throw error.apply(
                  Text.of(
                      "network %s: %s, and landscapes are drawn of networks without such alone",
                      it.name(), what));
            });
  }

  WavePlan waves() {
    return WavePlan.of(GridPlan.of(this).points(), 1, macsPerPoint());
  }

  /** Multiply-accumulates in integers that take as long as a point of the grids. */
  long macsPerPoint() {
    long macs = networks.stream().mapToLong(n -> n.network().macs()).max().orElseThrow();
    return SLOWER * macs * images.size();
  }

  /** What determines the rows. */
  Identity identity() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("rowFormat", ROW_FORMAT);
    facts.put("seed", config.seed());
    facts.put("mode", config.mode());
    facts.put(
        "networks",
        networks.stream()
            .map(n -> Map.of("name", n.name(), "contentHash", n.network().contentHash()))
            .map(TreeMap::new)
            .toList());
    facts.put("dataset", dataset.name());
    facts.put("datasetSha256", dataset.sha256());
    facts.put("images", images.size());
    facts.put("imagesSeed", imagesSeed);
    facts.put("points", GridPlan.of(this).pointsOfKinds());
    facts.put("waves", waves().waves());
    config.lines().ifPresent(lines -> facts.put("lines", lines.toString()));
    config.surface().ifPresent(surface -> facts.put("surface", surface.toString()));
    config.sharpness().ifPresent(sharpness -> facts.put("sharpness", sharpness.toString()));
    return Identity.of(facts);
  }
}
