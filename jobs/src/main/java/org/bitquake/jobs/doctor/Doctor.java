package org.bitquake.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs checks one after the other. */
public final class Doctor {
  private Doctor() {}

  /**
   * Runs them all, whatever the earlier ones find.
   *
   * @param each is told every finding as soon as there is one
   * @return all findings, in order
   */
  public static List<Finding> look(List<Check> checks, Consumer<Finding> each) {
    List<Finding> all = new ArrayList<>();
    for (Check check : checks) {
      for (Finding finding : findings(check)) {
        each.accept(finding);
        all.add(finding);
      }
    }
    return List.copyOf(all);
  }

  /** A check that fails is a finding too: the others still have something to say. */
  private static List<Finding> findings(Check check) {
    try {
      return check.look();
    } catch (Exception | LinkageError e) {
      return List.of(
          Finding.problem(
              check.getClass().getSimpleName(),
              "the check itself failed: " + e,
              "report this line as a bug of bitquake"));
    }
  }
}
