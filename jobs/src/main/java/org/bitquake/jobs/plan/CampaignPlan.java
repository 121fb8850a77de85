package org.bitquake.jobs.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.config.CampaignConfig.Until;
import org.bitquake.stats.SequentialDesign;

/**
 * What a campaign will take, foretold from a pilot.
 *
 * @param halfWidth of the intervals, at which it stops, or would stop
 * @param cells in the order of the campaign
 * @param pilot of the same cells
 */
public record CampaignPlan(
    Campaign campaign, double halfWidth, List<CellPlan> cells, List<PilotCell> pilot) {
  /** The half-width to plan for where neither the configuration nor the user gives one. */
  public static final double DEFAULT_HALF_WIDTH = 0.005;

  /**
   * Plans a campaign from a pilot, run here and now.
   *
   * @param seconds about how long the pilot may take; with a very slow network it takes longer
   * @param halfWidth instead of the configuration's, or of {@link #DEFAULT_HALF_WIDTH}
   * @throws org.bitquake.InputException if the data set has but one image
   */
  public static CampaignPlan of(Campaign campaign, double seconds, Optional<Double> halfWidth) {
    return of(campaign, Pilot.run(campaign, seconds), halfWidth);
  }

  static CampaignPlan of(Campaign campaign, List<PilotCell> pilot, Optional<Double> halfWidth) {
    double wanted = halfWidth.or(campaign::halfWidth).orElse(DEFAULT_HALF_WIDTH);
    long most = campaign.halfWidth().isPresent() ? campaign.trials() : Until.DEFAULT_MAX;
    var design = new SequentialDesign(wanted, most);
    var cells = pilot.stream().map(cell -> CellPlan.of(campaign, cell, design)).toList();
    return new CampaignPlan(campaign, wanted, cells, List.copyOf(pilot));
  }

  /** The work of all cells, with the images that the configuration asks for. */
  Work wanted() {
    return sum(cells, CellPlan::wanted);
  }

  /** The same with {@code images: auto}. */
  Work auto() {
    return sum(cells, CellPlan::auto);
  }

  /** The trials that the configuration asks for; empty where it has a half-width. */
  Optional<Work> configured() {
    return campaign.halfWidth().isPresent()
        ? Optional.empty()
        : Optional.of(sum(cells, cell -> cell.configured().orElseThrow()));
  }

  /** Cells of which the pilot can tell what trials of all images take. */
  List<CellPlan> comparable() {
    return cells.stream().filter(cell -> cell.allImages().isPresent()).toList();
  }

  /** Trials of all images, in the comparable cells. */
  Work allImages() {
    return sum(comparable(), cell -> cell.allImages().orElseThrow());
  }

  static Work sum(List<CellPlan> cells, Function<CellPlan, CellPlan.Forecast> forecast) {
    return cells.stream().map(forecast).map(CellPlan.Forecast::work).reduce(Work.NONE, Work::plus);
  }
}
