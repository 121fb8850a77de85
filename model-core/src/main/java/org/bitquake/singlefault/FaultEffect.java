package org.bitquake.singlefault;

import org.bitquake.Text;

/**
 * What one single fault did on the images.
 *
 * @param before the weight code without the fault; of several cells, of the first weight that
 *     changes, or the first of all
 * @param after with it
 * @param images looked at
 * @param changedLogits images with at least one other logit
 * @param changedPredictions images predicted as another class; their share of {@code images} is the
 *     fault's SDC-1 rate
 * @param lost images that are right without the fault and wrong with it
 * @param gained images that are wrong without the fault and right with it
 */
public record FaultEffect(
    int before,
    int after,
    int images,
    int changedLogits,
    int changedPredictions,
    int lost,
    int gained) {
  public FaultEffect {
    if (lost < 0
        || gained < 0
        || lost + gained > changedPredictions
        || changedPredictions > changedLogits
        || changedLogits > images
        || (before == after && changedLogits > 0)) {
      throw new IllegalArgumentException(
          Text.of(
              "code %d to %d on %d images cannot change %d in logits, %d in prediction, lose %d, gain %d",
              before, after, images, changedLogits, changedPredictions, lost, gained));
    }
  }

  public Outcome outcome() {
    if (changedPredictions > 0) {
      return Outcome.CHANGED_PREDICTION;
    }
    return changedLogits > 0 ? Outcome.CHANGED_LOGITS : Outcome.MASKED;
  }
}
