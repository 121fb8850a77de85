package org.bitquake.jobs.replay;

import java.util.Map;
import org.bitquake.jobs.injection.OneRow;
import org.bitquake.jobs.injection.RecordedRow;

/** A row with the network and the images that it takes to run it again. */
public sealed interface Subject permits TrialSubject, FaultSubject {
  /** The table that the row is of. */
  ReplayTable table();

  RecordedRow recorded();

  /** What runs it. */
  OneRow one();

  /** The faults, from the definitions. */
  FaultList faults();

  /** The columns that hold results, in the table's order, with what follows from these. */
  Map<String, Object> results(FaultList faults, ImageChanges images);

  /** Whether a column of a row of a failed run says something that can be compared. */
  boolean isKnownOfFailed(String column, Object recorded);
}
