package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bitquake.Text;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Test;

/** How networks were trained, as the view {@code methods} says it. */
class MethodsTest {
  private final List<Row> networks = new ArrayList<>();

  private void network(String name, String facts) {
    networks.add(RowFactory.create(name, Text.of("{\"seed\": \"1\", %s}", facts)));
  }

  @Test
  void networksTrainedAgainstFaultsAreOfAMethodOfTheirOwn() throws IOException {
    network("a", "\"rho\": \"0.0\", \"quantizer\": \"lsq\"");
    network("b", "\"rho\": \"0.0\", \"quantizer\": \"lsq\", \"clip\": \"0.1\"");
    network("c", "\"rho\": \"0.0\", \"quantizer\": \"mse\", \"faultRate\": \"0.05\"");
    network(
        "d",
        "\"rho\": \"0.3\", \"quantizer\": \"mse\", \"faultRate\": \"0.05\","
            + " \"clip\": \"quantile 0.9\"");

    assertThat(methods())
        .containsExactly(
            "a: standard; no SAQ; ",
            "b: clip 0.1; no SAQ, clip 0.1; clip 0.1",
            "c: faultRate 0.05, mse; no SAQ, faultRate 0.05, mse; faultRate 0.05",
            "d: ρ 0.3, clip quantile 0.9, faultRate 0.05, mse;"
                + " ρ 0.3, clip quantile 0.9, faultRate 0.05, mse;"
                + " clip quantile 0.9, faultRate 0.05");
  }

  private List<String> methods() throws IOException {
    SparkSession session = TestSpark.session().newSession();
    session
        .createDataFrame(
            networks,
            new StructType()
                .add("network", DataTypes.StringType)
                .add("provenance", DataTypes.StringType))
        .createOrReplaceTempView("networks");
    try (var in = Views.class.getResourceAsStream("methods.sql")) {
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      session.sql(String.join("networks", sql.split("%1\\$s", -1)));
    }
    return session
        .sql("SELECT concat(network, ': ', method, '; ', family, '; ', hardening) FROM methods")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }
}
