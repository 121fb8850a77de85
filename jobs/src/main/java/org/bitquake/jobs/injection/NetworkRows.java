package org.bitquake.jobs.injection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.store.ProvenanceJson;
import org.bitquake.jobs.store.Tables;

/** Makes the table {@code networks}. */
public final class NetworkRows {
  private NetworkRows() {}

  /**
   * Makes them.
   *
   * @param encodings of weight codes, each once
   * @param images looked at without faults
   * @param goldenCorrect those of them that each network gets right
   */
  public static Dataset<Row> of(
      SparkSession spark,
      List<CampaignNetwork> networks,
      List<Encoding> encodings,
      org.bitquake.data.Dataset data,
      int images,
      int[] goldenCorrect) {
    String sha256 = data.sha256();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < goldenCorrect.length; i++) {
      var its = networks.get(i);
      var network = its.network();
      rows.add(
          RowFactory.create(
              its.name(),
              network.contentHash(),
              its.file(),
              network.inputShape().toString(),
              network.weightCount(),
              network.macs(),
              Arrays.stream(CampaignNetwork.bits(network)).max().orElseThrow(),
              encodings.stream().map(Encoding::label).collect(Collectors.joining(", ")),
              images,
              (double) goldenCorrect[i] / images,
              ProvenanceJson.of(network.provenance()),
              data.name(),
              sha256));
    }
    return spark.createDataFrame(rows, Tables.NETWORKS).coalesce(1);
  }
}
