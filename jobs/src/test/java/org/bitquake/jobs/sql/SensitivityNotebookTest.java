package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layer is the most sensitive, where that is not clear. */
class SensitivityNotebookTest {
  @Test
  void aLayerIsNotClearlyTheMostSensitiveWhereIntervalsMeet(@TempDir Path folder)
      throws IOException {
    var store = new TableStore(folder.toString(), new Configuration());
    List<Row> rates =
        List.of(
            FakeResults.singleFaultRate("a", null, null, 30, 0.2),
            FakeResults.singleFaultRate("a", "conv1", null, 10, 0.3),
            FakeResults.singleFaultRate("a", "conv2", null, 10, 0.315),
            FakeResults.singleFaultRate("a", "fc1", null, 10, 0.1));
    var rows = TestSpark.session().createDataFrame(rates, SingleFaultTables.RATES);
    store.commit("single_fault_rates", "all", rows, Map.of());
    var own = SqlSession.open(TestSpark.session(), folder.toString());
    String query = Files.readString(Path.of("..", "notebooks", "most-sensitive.sql"));
    var found = own.query(Statements.split(query).get(0)).collectAsList();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).<String>getAs("layer")).isEqualTo("conv2");
    assertThat(found.get(0).<Boolean>getAs("clear")).isFalse();
  }
}
