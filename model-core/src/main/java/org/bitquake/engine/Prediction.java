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

  /** Whether a class is among the five largest logits, of equal ones the first classes'. */
  public static boolean isAmongFive(float[] logits, int from, int classes, int of) {
    return rank(logits, from, classes, of) < 5;
  }

  /**
   * How many classes come before one: those with a larger logit, and earlier ones with an equal
   * one. 0 is the rank of the class that {@link #of(float[], int, int)} gives; a label is among the
   * five largest logits if its rank is below 5.
   *
   * @param from place of the logit of class 0; the others follow it
   */
  public static int rank(float[] logits, int from, int classes, int of) {
    float its = logits[from + of];
    int before = 0;
    for (int c = 0; c < classes; c++) {
      float other = logits[from + c];
      before += other > its || (other == its && c < of) ? 1 : 0;
    }
    return before;
  }

  /** Whether two classes or more have the largest logit, so that their order decides. */
  public static boolean isTie(float[] logits, int from, int classes) {
    float most = logits[from + of(logits, from, classes)];
    int there = 0;
    for (int c = 0; c < classes; c++) {
      there += logits[from + c] == most ? 1 : 0;
    }
    return there > 1;
  }
}
