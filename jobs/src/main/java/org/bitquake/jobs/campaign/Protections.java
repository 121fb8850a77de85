package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Tables;
import org.bitquake.protect.Protection;

/** Makes the table {@code protections}: what each costs each network. */
record Protections(Campaign campaign) {
  /** Whether the campaign has any. */
  static boolean apply(Campaign campaign) {
    return campaign.kinds().stream().anyMatch(kind -> kind.protection().isPresent());
  }

  Dataset<Row> of(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (var network : campaign.networks()) {
      for (MemoryModel kind : campaign.kinds()) {
        var protection = kind.protection().orElse(Protection.NONE);
        var cost = kind.layout(protection, network.network()).cost();
        rows.add(
            RowFactory.create(
                network.name(),
                kind.name(),
                kind.faults().name(),
                protection.name(),
                cost.dataCells(),
                cost.checkCells(),
                cost.hardenedCells(),
                cost.cells(),
                cost.area()));
      }
    }
    return spark.createDataFrame(rows, Tables.PROTECTIONS).coalesce(1);
  }
}
