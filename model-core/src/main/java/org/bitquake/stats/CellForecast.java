package org.bitquake.stats;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a campaign will come to for one cell, foretold from a pilot of a few trials: the interval
 * after so many trials, and the trials for such an interval. The interval is that of {@link
 * CellEstimate} with the pilot's variances in the place of the campaign's, so it is as uncertain as
 * these: of T pilot trials a variance over fault maps is known to about a part √(2/T) of itself,
 * and rare fault maps that ruin a network may be missing.
 *
 * @param variance over fault maps and images, as the pilot saw it
 * @param uncertainty standard error of the variance over fault maps, were the trials normal
 * @param skewness third central moment over variance of d/n, absolute, as a fraction of 1
 * @param change mean of d/n in the pilot
 * @param population number of images N
 * @param confidence level of the intervals
 */
public record CellForecast(
    VarianceComponents variance,
    double uncertainty,
    double skewness,
    double change,
    int population,
    double confidence) {
  private static final long MOST_TRIALS = 1L << 40;

  /**
   * Foretells from a pilot.
   *
   * @param pilot at least two trials of at least two images
   */
  public static CellForecast of(DifferenceTally pilot, int population, double confidence) {
    double n = pilot.images();
    double skewness =
        pilot.allDifferencesEqual()
            ? 0
            : Math.abs(pilot.differenceThirdMoment()) / pilot.differenceVariance() / n;
    var variance = VarianceComponents.of(pilot, population);
    double ofTrial = pilot.differenceVariance() / n / n;
    return new CellForecast(
        variance,
        Math.sqrt(2.0 / (pilot.trials() - 1)) * ofTrial,
        skewness,
        pilot.sumDifference() / n / pilot.trials(),
        population,
        confidence);
  }

  /**
   * The best number of images by {@link ImageDesign#best}. Where the pilot cannot tell the variance
   * over fault maps from none, its standard error stands for it: thousands of images would be best
   * without any, and a campaign, which has more trials to choose by, will see some.
   */
  public int bestImages(ImageDesign costs) {
    var cautious =
        new VarianceComponents(Math.max(variance.betweenMaps(), uncertainty), variance.withinMap());
    return costs.best(cautious, population);
  }

  /**
   * Half the interval after so many trials.
   *
   * @param trials at least 2
   */
  public double halfWidth(TrialImages images, long trials) {
    double alpha = 1 - confidence;
    double spread = images.variance(variance, trials, population);
    if (spread == 0) {
      return Intervals.unseen(trials, 1 + Math.abs(change), alpha);
    }
    double unit = Math.max(images.firstImages(), images.images());
    double ofIntegers = spread * unit * unit;
    return Intervals.student(trials, ofIntegers, skewness * unit * ofIntegers, alpha) / unit;
  }

  /** Trials that a campaign of this design runs, wave by wave, before it stops. */
  public long trials(TrialImages images, SequentialDesign design) {
    long done = design.first();
    while (true) {
      long next = design.next(expected(images, done), done);
      if (next == done) {
        return done;
      }
      done = next;
    }
  }

  /**
   * Trials for an interval where every trial looks at all images and no first trials are asked for:
   * the fewest, at least 2, of that half-width.
   *
   * @return empty where the pilot saw no variance over fault maps, or none of 2⁴⁰ would do
   */
  public OptionalLong trialsOfAllImages(double halfWidth) {
    var all = TrialImages.fixed(population);
    if (variance.betweenMaps() == 0 || halfWidth(all, MOST_TRIALS) > halfWidth) {
      return OptionalLong.empty();
    }
    long tooFew = 1;
    long enough = MOST_TRIALS;
    while (enough - tooFew > 1) {
      long middle = (tooFew + enough) / 2;
      if (halfWidth(all, middle) <= halfWidth) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return OptionalLong.of(enough);
  }

  private CellEstimate expected(TrialImages images, long trials) {
    return new CellEstimate(
        trials,
        OptionalDouble.of(0),
        OptionalDouble.of(halfWidth(images, trials)),
        OptionalDouble.empty(),
        CellEstimate.Interval.STUDENT_T);
  }
}
