package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultNoise;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Tables;
import org.bitquake.network.Convolution;

/** Makes the table {@code encodings}: what faults do to weights by how these are stored. */
record Encodings(Campaign campaign) {
  /** Whether the campaign has any. */
  static boolean apply(Campaign campaign) {
    return campaign.kinds().stream().anyMatch(kind -> kind.encoding().isPresent());
  }

  Dataset<Row> of(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (var network : campaign.networks()) {
      for (var layer : network.network().weightLayers()) {
        for (var kind : campaign.kinds()) {
          if (isKnown(kind)) {
            campaign.rates().forEach(rate -> rows.add(row(network.name(), layer, kind, rate)));
          }
        }
      }
    }
    return spark.createDataFrame(rows, Tables.ENCODINGS).coalesce(1);
  }

  /** Whether what is expected of the weights is known in closed form. */
  private static boolean isKnown(MemoryModel kind) {
    return kind.encoding().isPresent()
        && kind.protection().isEmpty()
        && kind.faults().pattern() == CellPattern.INSTANCE
        && kind.faults().effect() instanceof FaultKind;
  }

  private static Row row(String network, Convolution layer, MemoryModel kind, double rate) {
    var weights = layer.weights();
    var effect = (FaultKind) kind.faults().effect();
    Encoding encoding = kind.encoding().orElseThrow();
    var expected =
        FaultNoise.of(
            weights.codes(),
            weights.step(),
            weights.bits(),
            weights.gain(),
            weights.offset(),
            effect,
            encoding,
            rate);
    return RowFactory.create(
        network,
        layer.name(),
        kind.name(),
        kind.faults().name(),
        encoding.label(),
        rate,
        known(expected.shift()),
        known(expected.ratio()));
  }

  private static Double known(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }
}
