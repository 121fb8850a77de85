package org.bitquake.jobs.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.stats.QuantileRanks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantilesTest {
  @TempDir Path temp;

  @Test
  void quantilesAreThoseOfTheSortedTrials() throws IOException {
    var world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    Path output = temp.resolve("all");
    String config =
        SmallWorld.CONFIG
            .replace("images: 20", "images: all")
            .replace("rates: [0, 0.003, 0.05]", "rates: [0.05]")
            .replace("perCell: 9", "perCell: 40");
    world.run(config, output, Engines::prepare);
    var store = new TableStore(output.toString(), new Configuration());
    var trials = store.read(TestSpark.session(), "trials").collectAsList();
    var quantiles = store.read(TestSpark.session(), "quantiles").collectAsList();
    assertThat(quantiles).hasSize(3 * 2 * 9);
    for (Row row : quantiles) {
      double[] sorted =
          trials.stream()
              .filter(t -> t.getString(0).equals(row.getString(0)))
              .filter(t -> t.getString(1).equals(row.getString(1)))
              .mapToDouble(t -> (double) t.getInt(7) / SmallWorld.IMAGES)
              .sorted()
              .toArray();
      assertThat(sorted).hasSize(40);
      var ranks = QuantileRanks.of(40, row.getDouble(3), 0.95);
      assertThat(row.getDouble(4)).isEqualTo(sorted[ranks.rank() - 1]);
      assertThat(row.get(5)).isEqualTo(ranks.low() == 0 ? null : sorted[ranks.low() - 1]);
      assertThat(row.get(6)).isEqualTo(ranks.high() == 41 ? null : sorted[ranks.high() - 1]);
      assertThat(row.getLong(8)).isEqualTo(40);
    }
  }
}
