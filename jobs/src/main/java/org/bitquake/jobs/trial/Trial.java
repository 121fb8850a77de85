package org.bitquake.jobs.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.fault.FaultMap;
import org.bitquake.jobs.injection.MemoryModel;

/**
 * The outcome of one trial.
 *
 * @param score images classified correctly
 * @param top5 images whose label is among the five largest logits; only with {@linkplain
 *     org.bitquake.jobs.store.TopFive#applies many classes}
 * @param error why it failed, one line; empty if it did not
 */
public record Trial(
    int network,
    MemoryModel kind,
    double rate,
    long number,
    int images,
    Score score,
    Optional<Score> top5,
    FaultMap.Tally tally,
    Optional<String> error) {
  /** A row of the table {@code trials}, with the columns of {@link TrialPlan#schema}. */
  Row toRow(TrialPlan plan) {
    List<Object> values = new ArrayList<>(values(plan));
    if (plan.hasModels()) {
      values.add(kind.text().orElse(null));
    }
    top5.ifPresent(
        its ->
            Collections.addAll(
                values,
                its.correct().orElse(null),
                its.goldenCorrect(),
                its.changed().orElse(null)));
    return RowFactory.create(values.toArray());
  }

  private List<Object> values(TrialPlan plan) {
    return Arrays.asList(
        plan.names().get(network),
        kind.name(),
        rate,
        number,
        plan.seed(),
        plan.encoding(kind).label(),
        images,
        score.correct().orElse(null),
        score.goldenCorrect(),
        score.changed().orElse(null),
        tally.faultyCells(),
        tally.changedWeights(),
        plan.hashes().get(network),
        plan.layersText(network),
        plan.bitsText(),
        plan.data().name(),
        error.orElse(null));
  }
}
