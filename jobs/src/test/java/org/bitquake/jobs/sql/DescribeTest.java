package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code DESCRIBE} explains every column of every table there can be. */
class DescribeTest {
  private static final int SHORTEST = 6;

  @Test
  void noColumnOfAnyTableLacksItsMeaning(@TempDir Path folder) {
    var spark = TestSpark.session();
    var store = new TableStore(folder.toString(), new Configuration());
    Tables.schemas()
        .forEach(
            (table, schema) -> {
              var widest = Tables.widest(table).orElseThrow();
              store.commit(table, "none", spark.createDataFrame(List.of(), widest), Map.of());
            });
    var session = SqlSession.open(spark, folder.toString());
    assertThat(session.tables()).containsExactlyInAnyOrderElementsOf(Tables.schemas().keySet());
    List<String> described = new ArrayList<>(session.tables());
    described.add("methods");
    for (String table : described) {
      var columns = session.query("DESCRIBE " + table).collectAsList();
      Tables.widest(table).ifPresent(s -> assertThat(columns).hasSameSizeAs(s.fields()));
      for (var column : columns) {
        assertThat(column.getString(2))
            .as("%s.%s", table, column.getString(0))
            .isNotNull()
            .hasSizeGreaterThanOrEqualTo(SHORTEST)
            .isNotEqualTo(column.getString(0));
      }
    }
  }
}
