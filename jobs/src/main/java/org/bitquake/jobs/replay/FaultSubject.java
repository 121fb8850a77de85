package org.bitquake.jobs.replay;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bitquake.jobs.singlefault.OneFault;
import org.bitquake.jobs.singlefault.RecordedFault;
import org.bitquake.singlefault.Outcome;

/** A row of the table {@code single_faults}. */
public record FaultSubject(OneFault one) implements Subject {
  public FaultSubject {
    one.cells(); // complains where there is none
  }

  @Override
  public ReplayTable table() {
    return ReplayTable.SINGLE_FAULTS;
  }

  @Override
  public RecordedFault recorded() {
    return one.fault();
  }

  @Override
  public FaultList faults() {
    return FaultList.of(one);
  }

  @Override
  public Map<String, Object> results(FaultList faults, ImageChanges images) {
    int changed = images.otherPredictions().size();
    int logits = images.otherLogits().size();
    Outcome outcome =
        changed > 0
            ? Outcome.CHANGED_PREDICTION
            : logits > 0 ? Outcome.CHANGED_LOGITS : Outcome.MASKED;
    var results = new LinkedHashMap<String, Object>();
    results.put("outcome", outcome.label());
    results.put("changed_logits", logits);
    results.put("changed_predictions", changed);
    results.put("lost", images.broken().size());
    results.put("correct", images.correct());
    results.put("golden_correct", images.goldenCorrect());
    if (one.layout().isPresent()) {
      results.put("faulty_cells", (int) faults.tally().faultyCells());
      results.put("changed_weights", (int) faults.tally().changedWeights());
    }
    return results;
  }

  @Override
  public boolean isKnownOfFailed(String column, Object recorded) {
    return switch (column) {
      case "outcome", "changed_logits", "changed_predictions", "lost", "correct", "error" -> false;
      default -> true;
    };
  }
}
