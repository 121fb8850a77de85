package org.bitquake.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.campaign.CampaignLoader;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.stats.DifferenceTally;
import org.bitquake.stats.SampleSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans from pilots that are made up, so that what must come out can be computed by hand. */
class CampaignPlanTest {
  private static final double PER_TRIAL = 1_000_000; // 1 ms
  private static final double PER_IMAGE = 10_000; // 10 µs

  @TempDir Path folder;

  private Campaign campaign(String config) {
    var file = SmallWorld.create(folder).config(config);
    var document = Yaml.load(file, new Configuration(), CampaignConfig.class);
    return CampaignLoader.load(document, InputOptions.NONE, new Configuration());
  }

  /** 60 trials of 20 images that break 0 to 5 of them; nothing where no fault is possible. */
  private static List<PilotCell> pilot(Campaign campaign) {
    return IntStream.range(0, campaign.cells())
        .mapToObj(
            cell -> {
              var random = new Random(cell);
              var tally = DifferenceTally.empty(20);
              for (int trial = 0; trial < 60; trial++) {
                int broken = campaign.isExact(cell) ? 0 : random.nextInt(6);
                tally = tally.merge(DifferenceTally.of(20, 15 - broken, 15, broken, 0));
              }
              double image = campaign.isExact(cell) ? 0 : PER_IMAGE;
              return new PilotCell(cell, tally, new TrialCost(PER_TRIAL, image));
            })
        .toList();
  }

  @Test
  void timesAreTrialsAndImagesTimesTheirCosts() {
    var campaign = campaign(SmallWorld.CONFIG);
    var plan = CampaignPlan.of(campaign, pilot(campaign), Optional.of(0.01));
    for (var cell : plan.cells()) {
      var work = cell.wanted().work();
      assertThat(work.images()).isEqualTo(20 * work.trials());
      double image = cell.cell().rate() == 0 ? 0 : PER_IMAGE;
      assertThat(work.seconds())
          .isEqualTo((PER_TRIAL + 20 * image) * work.trials() / 1e9, within(1e-9));
      assertThat(cell.wanted().halfWidth()).isLessThanOrEqualTo(0.01);
    }
  }

  @Test
  void totalsAreTheSumsOfTheCells() {
    var campaign = campaign(SmallWorld.CONFIG);
    var plan = CampaignPlan.of(campaign, pilot(campaign), Optional.empty());
    long trials = 0;
    long images = 0;
    double seconds = 0;
    for (var cell : plan.cells()) {
      trials += cell.wanted().work().trials();
      images += cell.wanted().work().images();
      seconds += cell.wanted().work().seconds();
    }
    assertThat(plan.wanted().trials()).isEqualTo(trials);
    assertThat(plan.wanted().images()).isEqualTo(images);
    assertThat(plan.wanted().seconds()).isEqualTo(seconds, within(1e-9 * seconds));
    assertThat(plan.configured().orElseThrow().trials()).isEqualTo(9L * campaign.cells());
    String text = new PlanReport(plan, List.of(1, 10)).totals();
    assertThat(text).contains(Figures.duration(seconds));
    for (int cores : new int[] {1, 10}) {
      var cut = Scaling.adaptive(plan.wanted(), cores);
      double clock = Scaling.MEASURED.seconds(plan.wanted(), cut, cores);
      assertThat(clock).isGreaterThan(seconds / cores);
      assertThat(text).contains(Figures.duration(clock));
    }
  }

  /** All images give the interval of the plan, for more work. */
  @Test
  void allImagesReachTheSameIntervalForMoreWork() {
    var campaign = campaign(SmallWorld.CONFIG);
    var plan = CampaignPlan.of(campaign, pilot(campaign), Optional.of(0.01));
    assertThat(plan.comparable()).hasSameSizeAs(plan.cells());
    for (var cell : plan.cells()) {
      var all = cell.allImages().orElseThrow();
      assertThat(all.halfWidth()).isLessThanOrEqualTo(cell.wanted().halfWidth());
      assertThat(all.work().trials()).isLessThanOrEqualTo(cell.wanted().work().trials());
    }
  }

  @Test
  void aHalfWidthInTheFileIsPlannedForAndItsMostTrialsHold() {
    var campaign =
        campaign(
            SmallWorld.CONFIG
                .replace("{perCell: 9}", "{until: {halfWidth: 0.004, max: 300}}")
                .replace("images: 20", "images: auto"));
    var plan = CampaignPlan.of(campaign, pilot(campaign), Optional.empty());
    assertThat(plan.halfWidth()).isEqualTo(0.004);
    assertThat(plan.configured()).isEmpty();
    assertThat(plan.cells()).allMatch(cell -> cell.wanted().work().trials() <= 300);
    assertThat(new PlanReport(plan, List.of(2)).text())
        .contains("images: auto", "wider than asked for", "± 18 %");
  }

  @Test
  void singleFaultSizesCoverNetworkLayersAndBits() {
    var campaign = campaign(SmallWorld.CONFIG);
    String text = new SingleFaultSizes(campaign, new SampleSize(0.05, 0.95)).text();
    // conv1 of a: 2 · 25 weights of 4 bits; 200 / (1 + 199 / 384.15) = 131.8; stuck at: of 400
    assertThat(text).contains("a, second:", "wide:");
    assertThat(text).containsPattern("conv1 +all +200 +132 +197");
    // each bit: 50 / (1 + 49 / 384.15) = 44.3; 100 / (1 + 99 / 384.15) = 79.5
    assertThat(text).containsPattern("conv1 +3 +50 +45 +80");
  }
}
