package org.bitquake.jobs.landscape;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.store.ProvenanceJson;

/**
 * The points of all grids, by number; plain values that travel to tasks. Points of a network follow
 * each other: its lines, point by point; its surface, row of equal β by row; its radii, direction
 * by direction.
 *
 * @param names of the networks
 * @param hashes their content hashes
 * @param provenances how they came to be, as JSON
 * @param lines directions of the lines, 0 for none
 * @param surfacePoints along α, 0 for none
 * @param radii filter-normalised, of {@code radiusDirections} directions
 * @param dataset name of the images, {@code form} their C, H, W and classes
 */
record GridPlan(
    List<String> names,
    List<String> hashes,
    List<String> provenances,
    long seed,
    boolean requantised,
    int lines,
    int linePoints,
    double lineRange,
    int surfacePoints,
    int betaPoints,
    double surfaceRange,
    List<Double> radii,
    int radiusDirections,
    String dataset,
    List<Integer> form,
    int images,
    long imagesSeed)
    implements Serializable {

  static GridPlan of(Landscape landscape) {
    var config = landscape.config();
    var images = landscape.images();
    var shape = images.shape();
    return new GridPlan(
        List.copyOf(landscape.networks().stream().map(n -> n.name()).toList()),
        List.copyOf(landscape.networks().stream().map(n -> n.network().contentHash()).toList()),
        List.copyOf(
            landscape.networks().stream()
                .map(n -> ProvenanceJson.of(n.network().provenance()))
                .toList()),
        config.seed(),
        config.mode().equals(LandscapeConfig.REQUANTISED),
        config.lines().flatMap(l -> l.directions()).orElse(0),
        config.lines().flatMap(l -> l.points()).orElse(0),
        config.lines().flatMap(l -> l.range()).orElse(0.0),
        config.surface().flatMap(s -> s.points()).orElse(0),
        config.surface().flatMap(s -> s.betaPoints()).orElse(0),
        config.surface().flatMap(s -> s.range()).orElse(0.0),
        List.copyOf(config.sharpness().flatMap(s -> s.radii()).orElse(List.of())),
        config.sharpness().flatMap(s -> s.directions()).orElse(0),
        images.name(),
        List.of(shape.channels(), shape.height(), shape.width(), images.classes()),
        images.size(),
        landscape.imagesSeed());
  }

  /** As in tables. */
  String mode() {
    return requantised ? LandscapeConfig.REQUANTISED : LandscapeConfig.QUANTISED;
  }

  /** All points. */
  long points() {
    return names.size() * perNetwork();
  }

  /** Points of one network. */
  long perNetwork() {
    return onLines() + onSurface() + onRadii();
  }

  /** Points of one network on the grid of each kind, by the kind's label. */
  SortedMap<String, Long> pointsOfKinds() {
    return new TreeMap<>(
        Map.of(
            GridPoint.Kind.LINE.label(), onLines(),
            GridPoint.Kind.SURFACE.label(), onSurface(),
            GridPoint.Kind.RADIUS.label(), onRadii()));
  }

  private long onLines() {
    return (long) lines * linePoints;
  }

  private long onSurface() {
    return (long) surfacePoints * betaPoints;
  }

  private long onRadii() {
    return (long) radii.size() * radiusDirections;
  }

  /** The point of this number, 0 … {@link #points} − 1. */
  GridPoint point(long number) {
    int network = (int) (number / perNetwork());
    long rest = number % perNetwork();
    if (rest < onLines()) {
      double alpha = coordinate((int) (rest % linePoints), linePoints, lineRange);
      return new GridPoint(network, GridPoint.Kind.LINE, rest / linePoints, alpha, null, null);
    }
    rest -= onLines();
    if (rest < onSurface()) {
      double alpha = coordinate((int) (rest % surfacePoints), surfacePoints, surfaceRange);
      double beta = coordinate((int) (rest / surfacePoints), betaPoints, surfaceRange);
      return new GridPoint(network, GridPoint.Kind.SURFACE, 0, alpha, 1L, beta);
    }
    rest -= onSurface();
    double radius = radii.get((int) (rest % radii.size()));
    return new GridPoint(network, GridPoint.Kind.RADIUS, rest / radii.size(), radius, null, null);
  }

  /** Coordinate i of an odd number of points from −range to range; exactly 0 in the middle. */
  static double coordinate(int i, int points, double range) {
    int half = points / 2;
    return (i - half) * range / half;
  }

  /** The images, from what travelled. */
  Dataset images(byte[][] pixelsAndLabels) {
    var shape = new Shape(form.get(0), form.get(1), form.get(2));
    return new Dataset(dataset, shape, form.get(3), pixelsAndLabels[0], pixelsAndLabels[1]);
  }
}
