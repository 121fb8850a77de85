package org.bitquake.jobs.plan;

import java.util.Optional;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.stats.CellForecast;
import org.bitquake.stats.ImageDesign;
import org.bitquake.stats.SequentialDesign;
import org.bitquake.stats.TrialImages;
import org.bitquake.stats.VarianceComponents;

/**
 * What one cell of a campaign needs.
 *
 * @param variance over fault maps and images, as the pilot saw it
 * @param bestImages images a trial that cost least; what {@code images: auto} would choose
 * @param images of a trial as the configuration says; the best where it says auto
 * @param wanted trials until the half-width is reached, with these images
 * @param auto the same with {@code images: auto}
 * @param allImages trials of all images for the interval of {@code wanted}, with no first trials
 *     asked for; empty where the pilot cannot tell
 * @param configured the trials that the configuration asks for; empty where it has a half-width
 */
record CellPlan(
    Campaign.Cell cell,
    VarianceComponents variance,
    int bestImages,
    int images,
    Forecast wanted,
    Forecast auto,
    Optional<Forecast> allImages,
    Optional<Forecast> configured,
    TrialCost measured,
    TrialCost model) {

  /** Work, and half of the interval that comes of it, as a fraction of 1. */
  record Forecast(Work work, double halfWidth) {}

  static CellPlan of(Campaign campaign, PilotCell pilot, SequentialDesign design) {
    return new Planner(campaign, pilot, design).plan();
  }

  private static final class Planner {
    private final Campaign campaign;
    private final PilotCell pilot;
    private final SequentialDesign design;
    private final int population;
    private final CellForecast forecast;
    private final boolean exact;

    Planner(Campaign campaign, PilotCell pilot, SequentialDesign design) {
      this.campaign = campaign;
      this.pilot = pilot;
      this.design = design;
      this.population = campaign.dataset().size();
      this.exact = campaign.isExact(pilot.cell());
      this.forecast = CellForecast.of(pilot.tally(), population, campaign.confidence());
    }

    CellPlan plan() {
      var cell = campaign.cell(pilot.cell());
      var network = campaign.networks().get(cell.network());
      var model =
          ImageDesign.of(
              network.network().macs(),
              network.network().weightCount(),
              cell.rate() * network.cells());
      int best = exact ? first() : forecast.bestImages(model);
      var auto = new TrialImages(design.first(), first(), best);
      var images = campaign.autoImages() ? auto : TrialImages.fixed(campaign.images());
      var wanted = wanted(images);
      return new CellPlan(
          cell,
          forecast.variance(),
          best,
          images.images(),
          wanted,
          wanted(auto),
          allImages(wanted),
          campaign.halfWidth().isPresent()
              ? Optional.empty()
              : Optional.of(after(images, campaign.trials())),
          pilot.cost(),
          new TrialCost(model.perTrial(), model.perImage()));
    }

    /** Images of the first trials where the number is chosen later. */
    private int first() {
      return Math.min(Campaign.FIRST_IMAGES, population);
    }

    private Forecast wanted(TrialImages images) {
      return after(images, exact ? design.first() : forecast.trials(images, design));
    }

    private Forecast after(TrialImages images, long trials) {
      var work = Work.of(trials, images.total(trials), pilot.cost());
      return new Forecast(work, exact ? 0 : forecast.halfWidth(images, trials));
    }

    private Optional<Forecast> allImages(Forecast wanted) {
      if (exact) {
        return Optional.of(wanted);
      }
      var trials = forecast.trialsOfAllImages(wanted.halfWidth());
      return trials.isEmpty()
          ? Optional.empty()
          : Optional.of(after(TrialImages.fixed(population), trials.getAsLong()));
    }
  }
}
