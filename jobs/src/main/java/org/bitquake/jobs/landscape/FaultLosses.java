package org.bitquake.jobs.landscape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.store.TableStore;

/**
 * What faults cost the networks of a landscape, as a campaign found it: each fault kind at its
 * highest rate.
 *
 * @param place directory of the campaign
 * @param losses networks that the campaign knows too, kind by kind
 */
record FaultLosses(String place, List<Loss> losses) {
  private static final int FEWEST = 3;

  /**
   * One network under one fault kind.
   *
   * @param network its name in the landscape
   * @param lost clean accuracy less the estimated accuracy, a fraction
   * @param halfWidth half of the confidence interval
   */
  record Loss(String network, String kind, double rate, double lost, double halfWidth) {}

  /**
   * Reads a campaign. Networks are the same if their content is, whatever they are called.
   *
   * @throws InputException if it is not finished or has fewer than three of the networks
   */
  static FaultLosses read(
      String directory,
      Landscape landscape,
      Yaml.Document<LandscapeConfig> document,
      Configuration hadoop) {
    if (landscape.config().sharpness().isEmpty()) {
      throw document.error("sharpness", "is missing, and --campaign compares it with faults");
    }
    var store = new TableStore(directory, hadoop);
    if (!store.tables().containsAll(List.of("cells", "networks"))) {
      throw new InputException(
          Text.of(
                  "--campaign %s: no tables cells and networks there; name the result directory of a",
                  directory)
              + " campaign that is finished");
    }
    Map<String, String> namesThere = new HashMap<>();
    for (Row row : store.readHere("networks")) {
      namesThere.put(row.getAs("content_hash"), row.getAs("network"));
    }
    var cells =
        store.readHere("cells").stream()
            .filter(cell -> cell.<Double>getAs("rate") > 0 && cell.getAs("accuracy") != null)
            .toList();
    List<Loss> losses = new ArrayList<>();
    int known = 0;
    for (NamedNetwork network : landscape.networks()) {
      String there = namesThere.get(network.network().contentHash());
      List<Loss> its = there == null ? List.of() : losses(network.name(), there, cells);
      losses.addAll(its);
      known += its.isEmpty() ? 0 : 1;
    }
    if (known < FEWEST) {
      throw new InputException(
          Text.of(
              "--campaign %s: it has %d of the networks of %s, and a correlation needs %d; run a campaign over the same networks",
              directory, known, document.path(), FEWEST));
    }
    return new FaultLosses(directory, losses);
  }

  private static List<Loss> losses(String name, String there, List<Row> cells) {
    Map<String, Loss> worst = new HashMap<>();
    for (Row cell : cells) {
      double rate = cell.getAs("rate");
      String kind = cell.getAs("kind");
      boolean higher = !worst.containsKey(kind) || worst.get(kind).rate() < rate;
      if (cell.<String>getAs("network").equals(there) && higher) {
        Double half = cell.getAs("half_width");
        double lost = cell.<Double>getAs("clean_accuracy") - cell.<Double>getAs("accuracy");
        worst.put(kind, new Loss(name, kind, rate, lost, half == null ? 0 : half));
      }
    }
    return worst.values().stream().toList();
  }

  /** The fault kinds. */
  List<String> kinds() {
    return losses.stream().map(Loss::kind).distinct().sorted().toList();
  }

  /** One kind, all networks. */
  List<Loss> of(String kind) {
    return losses.stream().filter(loss -> loss.kind().equals(kind)).toList();
  }
}
