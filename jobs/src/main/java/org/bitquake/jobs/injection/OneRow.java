package org.bitquake.jobs.injection;

import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/** One row alone, with what it takes to run it again by the code that ran it in a campaign. */
public interface OneRow {
  /** Of the content hash that the row names. */
  QuantizedNetwork network();

  /** The row's data set, with at least the row's number of images. */
  Dataset data();

  /** Positions in it of the images that are looked at, {@code [n]}. */
  int[] images();

  /**
   * Runs it.
   *
   * @return the row of its table that an engine gives now; with an error if the run failed
   */
  Row run(EngineSource engines);
}
