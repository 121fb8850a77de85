package org.bitquake.jobs.config;

import java.util.List;
import java.util.Optional;
import org.bitquake.Text;

/**
 * Loss landscapes as a YAML file describes them, checked as far as that is possible without the
 * files it names. At least one of lines, surface and sharpness.
 *
 * @param name for people
 * @param seed of directions and probes
 * @param networks at least one; paths relative to the configuration file
 * @param data the labelled images
 * @param images the fixed ones that every loss is a mean over
 * @param mode {@link #QUANTISED} if left out
 * @param lines losses along random directions
 * @param surface losses over a plane through directions 0 and 1
 * @param sharpness measures at the weight codes
 * @param output directory of the tables, relative to the working directory
 */
public record LandscapeConfig(
    String name,
    long seed,
    List<NetworkSource> networks,
    DataSource data,
    Images images,
    Optional<String> mode,
    Optional<Lines> lines,
    Optional<Surface> surface,
    Optional<Sharpness> sharpness,
    String output) {
  /** Weights at grid points are real numbers around the codes. */
  public static final String QUANTISED = "quantised";

  /** Weights at grid points are rounded and clipped to codes again. */
  public static final String REQUANTISED = "requantised";

  private static final double FARTHEST = 100;
  private static final int MOST_POINTS = 501;
  private static final int MOST = 100_000;

  public LandscapeConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    mode = Optional.of(mode.orElse(QUANTISED));
    if (!List.of(QUANTISED, REQUANTISED).contains(mode.get())) {
      throw new InvalidValue(
          "mode", Text.of("\"%s\" is neither quantised nor requantised", mode.get()));
    }
    if (lines.isEmpty() && surface.isEmpty() && sharpness.isEmpty()) {
      throw new InvalidValue(
          "name", "there is nothing to compute; give lines, surface or sharpness");
    }
  }

  /**
   * Which images.
   *
   * @param count drawn without replacement from the data set
   * @param seed of the choice; that of the configuration if left out
   */
  public record Images(int count, Optional<Long> seed) {
    public Images {
      atLeast("count", count, 1);
    }
  }

  /**
   * One-dimensional landscapes, filter-normalised.
   *
   * @param points of a line, odd; 51 if left out
   * @param range the line goes from −range to range; 1 if left out
   * @param directions how many lines; 5 if left out
   */
  public record Lines(
      Optional<Integer> points, Optional<Double> range, Optional<Integer> directions) {
    public Lines {
      points = Optional.of(points.orElse(51));
      range = Optional.of(range.orElse(1.0));
      directions = Optional.of(directions.orElse(5));
      grid("points", points.get());
      distance("range", range.get());
      atLeast("directions", directions.get(), 1);
    }
  }

  /**
   * A two-dimensional landscape, filter-normalised.
   *
   * @param points along α, odd; 51 if left out
   * @param betaPoints along β, odd; as many as along α if left out
   * @param range both axes go from −range to range; 1 if left out
   */
  public record Surface(
      Optional<Integer> points, Optional<Integer> betaPoints, Optional<Double> range) {
    public Surface {
      points = Optional.of(points.orElse(51));
      betaPoints = Optional.of(betaPoints.orElse(points.get()));
      range = Optional.of(range.orElse(1.0));
      grid("points", points.get());
      grid("betaPoints", betaPoints.get());
      distance("range", range.get());
    }
  }

  /**
   * Measures of sharpness.
   *
   * @param rho radius of the ball of ε-sharpness, in real units of weights; 0.15 if left out
   * @param steps of its ascent; 10 if left out
   * @param radii filter-normalised radii of the mean rise; 0.1 and 0.3 if left out
   * @param directions random ones that a mean rise is the mean over; 30 if left out
   * @param hessian its largest eigenvalue and trace; defaults if left out
   */
  public record Sharpness(
      Optional<Double> rho,
      Optional<Integer> steps,
      Optional<List<Double>> radii,
      Optional<Integer> directions,
      Optional<Hessian> hessian) {
    public Sharpness {
      rho = Optional.of(rho.orElse(0.15));
      steps = Optional.of(steps.orElse(10));
      radii = Optional.of(Checks.distinct("radii", radii.orElse(List.of(0.1, 0.3))));
      directions = Optional.of(directions.orElse(30));
      hessian =
          Optional.of(
              hessian.orElse(new Hessian(Optional.empty(), Optional.empty(), Optional.empty())));
      distance("rho", rho.get());
      atLeast("steps", steps.get(), 1);
      atLeast("directions", directions.get(), 2);
      for (int i = 0; i < radii.get().size(); i++) {
        distance("radii[" + i + "]", radii.get().get(i));
      }
    }
  }

  /**
   * How well the Hessian's figures must be known.
   *
   * @param probes of the trace; 20 if left out
   * @param tolerance of the largest eigenvalue, relative; 0.01 if left out
   * @param iterations at most; 200 if left out
   */
  public record Hessian(
      Optional<Integer> probes, Optional<Double> tolerance, Optional<Integer> iterations) {
    public Hessian {
      probes = Optional.of(probes.orElse(20));
      tolerance = Optional.of(tolerance.orElse(0.01));
      iterations = Optional.of(iterations.orElse(200));
      atLeast("probes", probes.get(), 2);
      atLeast("iterations", iterations.get(), 1);
      if (!(tolerance.get() > 0 && tolerance.get() < 1)) {
        throw new InvalidValue("tolerance", tolerance.get() + " is not between 0 and 1");
      }
    }
  }

  private static void atLeast(String key, int value, int least) {
    if (value < least || value > MOST) {
      throw new InvalidValue(key, Text.of("%d is outside %d…%d", value, least, MOST));
    }
  }

  private static void grid(String key, int points) {
    if (points < 3 || points > MOST_POINTS || points % 2 == 0) {
      throw new InvalidValue(
          key,
          Text.of(
              "%d is not an odd number in 3…%d (the centre is a point of the grid)",
              points, MOST_POINTS));
    }
  }

  private static void distance(String key, double value) {
    if (!(value > 0 && value <= FARTHEST)) {
      throw new InvalidValue(key, Text.of("%s is not above 0 and at most 100", value));
    }
  }
}
