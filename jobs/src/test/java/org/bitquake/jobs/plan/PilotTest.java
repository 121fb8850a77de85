package org.bitquake.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.engine.Engines;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.campaign.CampaignLoader;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.stats.DifferenceTally;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PilotTest {
  @TempDir static Path folder;
  private static SmallWorld world;
  private static Campaign campaign;

  @BeforeAll
  static void load() {
    world = SmallWorld.create(folder);
    var document =
        Yaml.load(world.config(SmallWorld.CONFIG), new Configuration(), CampaignConfig.class);
    campaign = CampaignLoader.load(document, InputOptions.NONE, new Configuration());
  }

  /** Each trial by hand: fault map, images, golden and faulty predictions, without the runner. */
  @Test
  void itsTrialsAreTheFirstOfTheCampaign() {
    var pilot = Pilot.run(campaign, 60);
    assertThat(pilot).hasSize(campaign.cells());
    for (var its : pilot) {
      assertThat(its.tally().trials()).isEqualTo(Pilot.TRIALS);
      assertThat(its.tally().images()).isEqualTo(SmallWorld.IMAGES); // all, there are but 60
      assertThat(its.tally()).as("cell %d", its.cell()).isEqualTo(byHand(campaign, its.cell()));
    }
  }

  @Test
  void soAreThoseOfModels() {
    String config =
        SmallWorld.CONFIG.replace(
            "kinds: [bit-flip, stuck-at-1]",
            "models: [{pattern: {cluster: {1x2: 1}}, effect: stuck-open}]");
    var document = Yaml.load(world.config(config), new Configuration(), CampaignConfig.class);
    var models =
        CampaignLoader.load(document, new InputOptions(Optional.empty()), new Configuration());
    for (var its : Pilot.run(models, 60)) {
      assertThat(its.tally()).as("cell %d", its.cell()).isEqualTo(byHand(models, its.cell()));
    }
  }

  @Test
  void withoutTimeItRunsTheFewestTrials() {
    for (var its : Pilot.run(campaign, 1e-9)) {
      assertThat(its.tally().trials()).isEqualTo(4);
      assertThat(its.tally().images()).isEqualTo(8);
    }
  }

  @Test
  void cellsWithoutFaultsCostNoImages() {
    for (var its : Pilot.run(campaign, 1)) {
      if (campaign.cell(its.cell()).rate() == 0) {
        assertThat(its.cost().perImage()).isZero();
      } else if (campaign.cell(its.cell()).rate() > 0.01) {
        assertThat(its.cost().perImage()).isPositive();
      }
    }
  }

  private static DifferenceTally byHand(Campaign campaign, int index) {
    var cell = campaign.cell(index);
    var its = campaign.networks().get(cell.network());
    var network = its.network();
    var data = campaign.dataset();
    int n = SmallWorld.IMAGES;
    var sampler =
        cell.kind()
            .source(
                campaign.seed(),
                CampaignNetwork.weights(network),
                CampaignNetwork.bits(network),
                its.scope());
    var images = new ImageSampler(campaign.seed(), data.size(), n);
    var tally = DifferenceTally.empty(n);
    for (long trial = 0; trial < Pilot.TRIALS; trial++) {
      byte[][] codes = network.copyCodes();
      var faults =
          sampler
              .draw(trial, 0.05)
              .apply(cell.kind().faults().effect(), cell.rate(), campaign.encoding(), codes);
      int[] chosen = images.draw(trial);
      int[] golden = predict(network, network.copyCodes(), chosen);
      int[] faulty = predict(network, codes, chosen);
      int right = 0;
      int goldenRight = 0;
      int changed = 0;
      for (int i = 0; i < n; i++) {
        boolean now = faulty[i] == data.label(chosen[i]);
        boolean before = golden[i] == data.label(chosen[i]);
        right += now ? 1 : 0;
        goldenRight += before ? 1 : 0;
        changed += now != before ? 1 : 0;
      }
      tally = tally.merge(DifferenceTally.of(n, right, goldenRight, changed, faults.faultyCells()));
    }
    return tally;
  }

  private static int[] predict(QuantizedNetwork network, byte[][] codes, int[] images) {
    int size = network.inputShape().size();
    byte[] pixels = new byte[images.length * size];
    for (int i = 0; i < images.length; i++) {
      campaign.dataset().copyImage(images[i], pixels, i * size);
    }
    int[] predictions = new int[images.length];
    try (var engine = Engines.prepare(network)) {
      engine.load(codes);
      engine.predict(pixels, images.length, predictions);
    }
    return predictions;
  }
}
