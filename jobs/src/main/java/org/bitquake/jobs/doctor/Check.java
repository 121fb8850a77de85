package org.bitquake.jobs.doctor;

import java.util.List;

/** Looks at one part of a machine. */
@FunctionalInterface
public interface Check {
  /**
   * What was found, at least one thing. What is amiss is a finding, not an exception.
   *
   * @throws Exception if the check itself cannot do its work
   */
  List<Finding> look() throws Exception;
}
