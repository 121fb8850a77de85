package org.bitquake.jobs.injection;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.store.Tables;
import org.bitquake.protect.Protection;

/** Makes the table {@code protections}: what each costs each network. */
public final class ProtectionRows {
  private ProtectionRows() {}

  /** Whether any of a campaign's models has one. */
  public static boolean apply(List<MemoryModel> kinds) {
    return kinds.stream().anyMatch(kind -> kind.protection().isPresent());
  }

  public static Dataset<Row> of(
      SparkSession spark, List<CampaignNetwork> networks, List<MemoryModel> kinds) {
    List<Row> rows = new ArrayList<>();
    for (var network : networks) {
      for (MemoryModel kind : kinds) {
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
