package org.bitquake.jobs.landscape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.bitquake.data.Dataset;
import org.bitquake.landscape.Direction;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.LossPoint;
import org.bitquake.network.QnnFile;

/** What one task works with: the losses of the network and directions it was asked for last. */
final class LossBench {
  private final GridPlan plan;
  private final byte[][] networkFiles;
  private final Dataset images;
  private final Map<Long, Direction> directions = new HashMap<>();
  private int current = -1;
  private LossFunction loss;

  LossBench(GridPlan plan, byte[][] networkFiles, byte[][] pixelsAndLabels) {
    this.plan = plan;
    this.networkFiles = networkFiles;
    this.images = plan.images(pixelsAndLabels);
  }

  /** The loss of a network. */
  LossFunction loss(int network) {
    if (network != current) {
      directions.clear();
      try (var in = new ByteArrayInputStream(networkFiles[network])) {
        loss = new LossFunction(QnnFile.read(in, plan.names().get(network)), images);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      current = network;
    }
    return loss;
  }

  /** The loss at a point. */
  LossPoint at(GridPoint point) {
    var f = loss(point.network());
    var space = f.space();
    if (directions.size() > 1 && !directions.containsKey(point.direction())) {
      directions.clear(); // each is as large as the network
    }
    Direction delta = direction(point.direction());
    float[][] weights =
        point.second() == null
            ? space.at(point.alpha(), delta)
            : space.at(point.alpha(), delta, point.beta(), direction(point.second()));
    return f.at(plan.requantised() ? space.requantised(weights) : weights);
  }

  private Direction direction(long number) {
    return directions.computeIfAbsent(
        number, n -> Direction.random(loss.network(), plan.seed(), n));
  }
}
