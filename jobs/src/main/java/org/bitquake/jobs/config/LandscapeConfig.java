package org.bitquake.jobs.config;

import java.util.List;
import java.util.Optional;
import org.bitquake.Text;

/**
 * Loss landscapes as a YAML file describes them, checked as far as that is possible without the
 * files it names. At least one of lines, surface and sharpness.
 *
 * <p>How these three write themselves ({@code toString}) is part of a landscape's identity, so what
 * may be left out of them is an {@link Optional}, although {@link Yaml} fills it.
 */
public record LandscapeConfig(
    @Key(CampaignConfig.NAME) String name,
    @Key(value = "of directions and probes", byDefault = Defaults.SEED) long seed,
    @Key(CampaignConfig.NETWORKS) List<NetworkSource> networks,
    @Key("the labelled images") DataSource data,
    @Key("the fixed images that every loss is a mean over") Images images,
    @Key(
            value = "weights at grid points are real numbers, or rounded to codes again",
            byDefault = QUANTISED,
            words = {QUANTISED, REQUANTISED})
        String mode,
    @Key(value = "losses along random directions, filter-normalised", otherwise = NONE)
        Optional<Lines> lines,
    @Key(value = "losses over a plane through directions 0 and 1", otherwise = NONE)
        Optional<Surface> surface,
    @Key(value = "measures of sharpness at the weight codes", otherwise = NONE)
        Optional<Sharpness> sharpness,
    @Key(CampaignConfig.OUTPUT) String output) {
  /** Weights at grid points are real numbers around the codes. */
  public static final String QUANTISED = "quantised";

  /** Weights at grid points are rounded and clipped to codes again. */
  public static final String REQUANTISED = "requantised";

  static final String NONE = "not computed";
  static final double FARTHEST = 100;
  static final int LEAST_POINTS = 3;
  static final int MOST_POINTS = 501;
  static final int MOST = 100_000;

  private static final String DEFAULT_POINTS = "51";
  private static final String DEFAULT_RANGE = "1";

  public LandscapeConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    if (!List.of(QUANTISED, REQUANTISED).contains(mode)) {
      throw new InvalidValue("mode", Text.of("\"%s\" is neither quantised nor requantised", mode));
    }
    if (lines.isEmpty() && surface.isEmpty() && sharpness.isEmpty()) {
      throw new InvalidValue(
          "name", "there is nothing to compute; give lines, surface or sharpness");
    }
  }

  /** Which images. */
  public record Images(
      @Key(value = "images drawn without replacement", least = 1, most = MOST) int count,
      @Key(value = "of their choice", otherwise = "the seed of the file") Optional<Long> seed) {
    public Images {
      atLeast("count", count, 1);
    }
  }

  /** One-dimensional landscapes, filter-normalised. */
  public record Lines(
      @Key(
              value = "points of a line",
              byDefault = DEFAULT_POINTS,
              least = LEAST_POINTS,
              most = MOST_POINTS,
              odd = true)
          Optional<Integer> points,
      @Key(
              value = "a line goes from −range to range",
              unit = "norms of each filter",
              byDefault = DEFAULT_RANGE,
              above = 0,
              most = FARTHEST)
          Optional<Double> range,
      @Key(value = "how many lines", byDefault = "5", least = 1, most = MOST)
          Optional<Integer> directions) {
    public Lines {
      points.ifPresent(p -> grid("points", p));
      range.ifPresent(r -> distance("range", r));
      directions.ifPresent(d -> atLeast("directions", d, 1));
    }
  }

  /** A two-dimensional landscape, filter-normalised. */
  public record Surface(
      @Key(
              value = "points along the first direction",
              byDefault = DEFAULT_POINTS,
              least = LEAST_POINTS,
              most = MOST_POINTS,
              odd = true)
          Optional<Integer> points,
      @Key(
              value = "points along the second direction",
              otherwise = "as many as points",
              least = LEAST_POINTS,
              most = MOST_POINTS,
              odd = true)
          Optional<Integer> betaPoints,
      @Key(
              value = "both directions go from −range to range",
              unit = "norms of each filter",
              byDefault = DEFAULT_RANGE,
              above = 0,
              most = FARTHEST)
          Optional<Double> range) {
    public Surface {
      Optional<Integer> square = points;
      betaPoints = betaPoints.or(() -> square);
      points.ifPresent(p -> grid("points", p));
      betaPoints.ifPresent(p -> grid("betaPoints", p));
      range.ifPresent(r -> distance("range", r));
    }
  }

  /** Measures of sharpness. */
  public record Sharpness(
      @Key(
              value = "radius of the ball around the weights in which ε-sharpness looks",
              unit = "L2 norm of all weights' change",
              byDefault = "0.15",
              above = 0,
              most = FARTHEST)
          Optional<Double> rho,
      @Key(value = "steps of its ascent", byDefault = "10", least = 1, most = MOST)
          Optional<Integer> steps,
      @Key(
              value = "radii of the mean rise of the loss",
              unit = "norms of each filter",
              byDefault = "[0.1, 0.3]",
              above = 0,
              most = FARTHEST)
          Optional<List<Double>> radii,
      @Key(
              value = "random directions that a mean rise is the mean over",
              byDefault = "30",
              least = 2,
              most = MOST)
          Optional<Integer> directions,
      @Key(
              value = "how well the Hessian's largest eigenvalue and trace must be known",
              byDefault = "{}")
          Optional<Hessian> hessian) {
    public Sharpness {
      radii = radii.map(r -> Checks.distinct("radii", r));
      rho.ifPresent(r -> distance("rho", r));
      steps.ifPresent(s -> atLeast("steps", s, 1));
      directions.ifPresent(d -> atLeast("directions", d, 2));
      for (int i = 0; i < radii.map(List::size).orElse(0); i++) {
        distance("radii[" + i + "]", radii.get().get(i));
      }
    }
  }

  /** How well the Hessian's figures must be known. */
  public record Hessian(
      @Key(value = "random probes of the trace", byDefault = "20", least = 2, most = MOST)
          Optional<Integer> probes,
      @Key(
              value = "relative error of the largest eigenvalue",
              byDefault = "0.01",
              above = 0,
              below = 1)
          Optional<Double> tolerance,
      @Key(
              value = "steps towards the largest eigenvalue, at most",
              byDefault = "200",
              least = 1,
              most = MOST)
          Optional<Integer> iterations) {
    public Hessian {
      probes.ifPresent(p -> atLeast("probes", p, 2));
      iterations.ifPresent(i -> atLeast("iterations", i, 1));
      tolerance.ifPresent(t -> Checks.fraction("tolerance", t));
    }
  }

  private static void atLeast(String key, int value, int least) {
    if (value < least || value > MOST) {
      throw new InvalidValue(key, Text.of("%d is outside %d…%d", value, least, MOST));
    }
  }

  private static void grid(String key, int points) {
    if (points < LEAST_POINTS || points > MOST_POINTS || points % 2 == 0) {
      throw new InvalidValue(
          key,
          Text.of(
              "%d is not an odd number in %d…%d (the centre is a point of the grid)",
              points, LEAST_POINTS, MOST_POINTS));
    }
  }

  private static void distance(String key, double value) {
    if (!(value > 0 && value <= FARTHEST)) {
      throw new InvalidValue(key, Text.of("%s is not above 0 and at most 100", value));
    }
  }
}
