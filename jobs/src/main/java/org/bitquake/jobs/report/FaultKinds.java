package org.bitquake.jobs.report;

import java.util.List;
import java.util.stream.Stream;
import org.bitquake.fault.FaultKind;

/** Fault kinds in the paper's order, models in the configuration's. */
final class FaultKinds {
  private FaultKinds() {}

  static List<String> of(Answer answer) {
    var present = answer.distinct("kind").stream().sorted().toList();
    var known =
        answer.models().isEmpty()
            ? Stream.of(FaultKind.values()).map(FaultKind::label).toList()
            : answer.models();
    return Stream.concat(
            known.stream().filter(present::contains),
            present.stream().filter(kind -> !known.contains(kind)))
        .toList();
  }
}
