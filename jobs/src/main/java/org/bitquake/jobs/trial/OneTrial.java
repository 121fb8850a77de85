package org.bitquake.jobs.trial;

import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.OneRow;
import org.bitquake.network.QuantizedNetwork;

/**
 * One trial alone, by the code that runs it in a campaign: same runner, same row.
 *
 * @param network of the content hash that the row names
 * @param data the row's data set, with at least the row's number of images
 */
public record OneTrial(TrialRow trial, QuantizedNetwork network, Dataset data) implements OneRow {

  /** The images that the trial looks at, {@code [n]}. */
  @Override
  public int[] images() {
    return new ImageSampler(trial.seed(), data.size(), trial.images()).draw(trial.number());
  }

  /** Number of weights of each weight layer. */
  public int[] weights() {
    return CampaignNetwork.weights(network);
  }

  /** Cells of each weight, per weight layer. */
  public int[] bits() {
    return CampaignNetwork.bits(network);
  }

  /**
   * Runs it.
   *
   * @return its row of the table {@code trials}; with an error if the trial failed
   */
  @Override
  public Row run(EngineSource engines) {
    var plan = TrialPlan.of(trial, network, data);
    var wave = Wave.of(1, trial.number(), trial.number() + 1, trial.images());
    try (var bench = new Workbench(plan, network, data, engines)) {
      byte[][] golden = {golden(bench)};
      var runner = new TrialRunner(bench, golden, wave);
      return runner.run(trial.number(), 0).get(0).toRow(plan);
    }
  }

  /** {@link Marks} of the fault-free network, {@code [image]}; 0 for images not looked at. */
  private byte[] golden(Workbench bench) {
    int[] images = images();
    int size = data.shape().size();
    byte[] pixels = new byte[Math.multiplyExact(images.length, size)];
    for (int i = 0; i < images.length; i++) {
      data.copyImage(images[i], pixels, i * size);
    }
    byte[] its = new Marks(data, images.length).of(bench.engine(0), pixels, images, images.length);
    byte[] marks = new byte[data.size()];
    for (int i = 0; i < images.length; i++) {
      marks[images[i]] = its[i];
    }
    return marks;
  }
}
