package org.bitquake.train;

import java.io.Serializable;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Data-parallel training by parameter averaging: each worker updates its own copy of the network
 * with its share of every batch, and all copies are replaced by their average again and again.
 *
 * <p>The images of a step are those of local training. With an average after every step and learned
 * step sizes it is the same descent, because an update is linear in the gradient.
 *
 * @param workers copies that train at once
 * @param frequency updates between two averages
 */
public record Averaging(int workers, int frequency) implements Serializable {
  public static final int DEFAULT_WORKERS = 4;
  public static final int DEFAULT_FREQUENCY = 5;
  private static final int MOST = 1024;

  public Averaging {
    if (workers < 1 || workers > MOST) {
      throw new InputException(Text.of("workers must be 1 to %d, not %d", MOST, workers));
    }
    if (frequency < 1 || frequency > MOST) {
      throw new InputException(
          Text.of("averagingFrequency must be 1 to %d, not %d", MOST, frequency));
    }
  }

  /**
   * Images of a batch that each worker takes.
   *
   * @throws InputException if the batch cannot be dealt out evenly
   */
  public int share(int batch) {
    if (batch % workers != 0) {
      throw new InputException(
          Text.of("a batch of %d images cannot be dealt out evenly to %d workers", batch, workers));
    }
    return batch / workers;
  }
}
