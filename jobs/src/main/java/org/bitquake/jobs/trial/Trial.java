package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.fault.FaultMap;
import org.bitquake.jobs.injection.MemoryModel;

/**
 * The outcome of one trial.
 *
 * @param correct images classified correctly; empty if the trial failed
 * @param goldenCorrect the same without faults
 * @param changed images that are right in one of both only; empty if the trial failed
 * @param error why it failed, one line; empty if it did not
 */
public record Trial(
    int network,
    MemoryModel kind,
    double rate,
    long number,
    int images,
    Optional<Integer> correct,
    int goldenCorrect,
    Optional<Integer> changed,
    FaultMap.Tally tally,
    Optional<String> error) {
  /** A row of the table {@code trials}, with the columns of {@link TrialPlan#schema}. */
  Row toRow(TrialPlan plan) {
    List<Object> values = new ArrayList<>(values(plan));
    if (plan.hasModels()) {
      values.add(kind.text().orElse(null));
    }
    return RowFactory.create(values.toArray());
  }

  private List<Object> values(TrialPlan plan) {
    return Arrays.asList(
        plan.names().get(network),
        kind.name(),
        rate,
        number,
        plan.seed(),
        plan.encoding().label(),
        images,
        correct.orElse(null),
        goldenCorrect,
        changed.orElse(null),
        tally.faultyCells(),
        tally.changedWeights(),
        plan.hashes().get(network),
        plan.layersText(network),
        plan.bitsText(),
        plan.data().name(),
        error.orElse(null));
  }
}
