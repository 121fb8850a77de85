package org.bitquake.jobs.replay;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitquake.jobs.trial.OneTrial;
import org.bitquake.jobs.trial.TrialRow;

/** A row of the table {@code trials}, run again by the campaign's own code. */
public record TrialSubject(OneTrial one) implements Subject {
  public TrialSubject {
    one.trial().scope().requireWithin(one.bits(), one.trial().network());
  }

  @Override
  public ReplayTable table() {
    return ReplayTable.TRIALS;
  }

  @Override
  public TrialRow recorded() {
    return one.trial();
  }

  @Override
  public FaultList faults() {
    return FaultList.of(one);
  }

  @Override
  public Map<String, Object> results(FaultList faults, ImageChanges images) {
    var results = new LinkedHashMap<String, Object>();
    results.put("correct", images.correct());
    results.put("golden_correct", images.goldenCorrect());
    results.put("changed", images.broken().size() + images.mended().size());
    results.put("faulty_cells", faults.tally().faultyCells());
    results.put("changed_weights", faults.tally().changedWeights());
    if (one.trial().hasTop5()) {
      results.put("top5_correct", images.top5());
      results.put("top5_golden_correct", images.goldenTop5());
      results.put("top5_changed", images.changedTop5());
    }
    return results;
  }

  /** Counts of faults may be 0: the trial failed before it had them. */
  @Override
  public boolean isKnownOfFailed(String column, Object recorded) {
    return switch (column) {
      case "correct", "changed", "top5_correct", "top5_changed", "error" -> false;
      case "faulty_cells", "changed_weights" -> !Long.valueOf(0).equals(recorded);
      default -> true;
    };
  }
}
