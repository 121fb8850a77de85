package org.bitquake.jobs.replay;

import java.util.Map;
import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.jobs.campaign.EngineSource;
import org.bitquake.jobs.campaign.RecordedRow;
import org.bitquake.network.QuantizedNetwork;

/** A row with the network and the images that it takes to run it again. */
public sealed interface Subject permits TrialSubject, FaultSubject {
  /** The table that the row is of. */
  ReplayTable table();

  RecordedRow recorded();

  QuantizedNetwork network();

  /** The row's data set. */
  Dataset data();

  /** Positions in it of the images that were looked at, {@code [n]}. */
  int[] images();

  /** The row that an engine gives now; with an error if the run failed. */
  Row run(EngineSource engines);

  /** The faults, from the definitions. */
  FaultList faults();

  /** The columns that hold results, in the table's order, with what follows from these. */
  Map<String, Object> results(FaultList faults, ImageChanges images);

  /** Whether a column of a row of a failed run says something that can be compared. */
  boolean isKnownOfFailed(String column, Object recorded);
}
