package org.bitquake.jobs.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.store.Tables;

/** Makes the table {@code networks}. */
final class NetworkRows {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private NetworkRows() {}

  /**
   * @param goldenCorrect images of the whole data set that each network gets right
   */
  static Dataset<Row> of(SparkSession spark, Campaign campaign, int[] goldenCorrect) {
    var data = campaign.dataset();
    String sha256 = data.sha256();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < goldenCorrect.length; i++) {
      var its = campaign.networks().get(i);
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
              campaign.encoding().label(),
              data.size(),
              (double) goldenCorrect[i] / data.size(),
              json(network.provenance()),
              data.name(),
              sha256));
    }
    return spark.createDataFrame(rows, Tables.NETWORKS).coalesce(1);
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
