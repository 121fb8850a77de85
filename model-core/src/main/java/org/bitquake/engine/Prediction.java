package org.bitquake.engine;

/** What a network says of an image: the class with the largest logit, the first of equal ones. */
public final class Prediction {
  private Prediction() {}

  /**
   * The first largest of {@code classes} logits.
   *
   * @param from place of the logit of class 0; the others follow it
   */
  public static int of(float[] logits, int from, int classes) {
    return of(logits, from, classes, 1);
  }

  /**
   * The same where the logits of an image do not lie together.
   *
   * @param stride from a class's logit to the next one's
   */
  public static int of(float[] logits, int from, int classes, int stride) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[from + c * stride] > logits[from + best * stride]) {
        best = c;
      }
    }
    return best;
  }
}
