package org.bitquake.jobs.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.fault.FaultModel;
import org.bitquake.jobs.faultmap.ArrayMap;
import org.bitquake.jobs.faultmap.TrialMemory;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.trial.TrialRow;

/** Where faults fall: an array of one trial for each model of weights, if some depend on places. */
record FaultMapSection(Results results) {
  Optional<Section> section() {
    return results.haveModels()
        ? results.ask("faulty-cells.sql", "trials", "networks").flatMap(this::section)
        : Optional.empty();
  }

  private Optional<Section> section(Answer answer) {
    List<Row> trials = results.trialsOf(answer);
    List<Panel> panels = new ArrayList<>();
    double rate = 0;
    Set<FaultModel> shown = new HashSet<>(); // in other encodings they fall into the same cells
    for (String kind : FaultKinds.of(answer)) {
      for (Row trial : trials) {
        var row = TrialRow.of(trial);
        var network = results.network(row.network(), row.networkHash());
        var complete = results.complete(row);
        if (row.kind().name().equals(kind)
            && row.kind().isOfWeights()
            && row.kind().protection().isEmpty() // it sees the same faults
            && network.isPresent()
            && complete.isPresent()
            && shown.add(row.kind().faults())) {
          row = complete.get();
          var its = new CampaignNetwork(row.network(), "", new byte[0], network.get(), row.scope());
          panels.add(panel(row, its));
          rate = row.rate();
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

  private static Panel panel(TrialRow row, CampaignNetwork network) {
    MemoryModel model = row.kind();
    var memory =
        TrialMemory.of(network, model, row.encoding(), row.seed(), row.number(), row.rate());
    return new ArrayMap(memory, memory.worstArray()).panel(FaultKinds.title(model.name()));
  }
}
