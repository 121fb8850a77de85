package org.bitquake.jobs.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.Text;
import org.bitquake.fault.FaultModel;
import org.bitquake.jobs.faultmap.ArrayMap;
import org.bitquake.jobs.faultmap.TrialMemory;
import org.bitquake.jobs.figure.FaultPanels;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.network.QuantizedNetwork;

/** Where faults fall: an array of one trial for each model of weights, if some depend on places. */
record FaultMapSection(Results results) {
  Optional<Section> section() {
    return results.haveModels()
        ? results.ask("faulty-cells.sql", "trials", "networks").flatMap(this::section)
        : Optional.empty();
  }

  private Optional<Section> section(Answer answer) {
    List<TrialRow> trials = results.trialsOf(answer).stream().map(TrialRow::of).toList();
    List<Panel> panels = new ArrayList<>();
    double rate = 0;
    Set<FaultModel> shown = new HashSet<>(); // in other encodings they fall into the same cells
    for (String kind : answer.kinds()) {
      for (var trial : trials) {
        if (trial.kind().name().equals(kind)
            && trial.kind().isOfWeights()
            && trial.kind().protection().isEmpty() // it sees the same faults
            && !shown.contains(trial.kind().faults())) {
          var panel = panel(trial);
          if (panel.isPresent()) {
            panels.add(panel.get());
            shown.add(trial.kind().faults());
            rate = trial.rate();
          }
        }
      }
    }
    return panels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Where faults fall",
                "An array of one trial for each fault model, the one with the most faulty cells."
                    + " All models make as many cells faulty in the mean.",
                List.of(
                    new Figure(
                        Text.of(
                            "Rows and columns of an array of memory with %s %% of the cells faulty;"
                                + " tints tell the layers of the network apart.",
                            Numbers.text(100 * rate)),
                        ArrayMap.legend(),
                        panels,
                        answer))));
  }

  /** Empty if the network or a measured chip is no longer there, or another. */
  private Optional<Panel> panel(TrialRow trial) {
    var network = results.network(trial.network(), trial.networkHash());
    var complete = results.complete(trial);
    return network.isEmpty() || complete.isEmpty()
        ? Optional.empty()
        : Optional.of(panel(complete.get(), network.get()));
  }

  private static Panel panel(TrialRow trial, QuantizedNetwork network) {
    MemoryModel model = trial.kind();
    var its = new CampaignNetwork(trial.network(), "", new byte[0], network, trial.scope());
    var memory =
        TrialMemory.of(its, model, trial.encoding(), trial.seed(), trial.number(), trial.rate());
    return new ArrayMap(memory, memory.worstArray()).panel(FaultPanels.title(model.name()));
  }
}
