package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;
import org.bitquake.UnwritableException;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.network.WholeFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes says in one line where there is no room, and what to do. */
class FullDiskTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final String FULL = "/dev/full";
  private static final String SAYS = ": cannot be written: No space left on device; make room ";

  @TempDir java.nio.file.Path folder;

  @BeforeAll
  static void requireFullDevice() {
    assumeTrue(Files.exists(java.nio.file.Path.of(FULL)), "there is no " + FULL);
  }

  /** A disk that is full once the rows are written; Hadoop throws an error, not an exception. */
  public static final class FullDisk extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "full";
    }

    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      if (!path.getName().endsWith(".parquet")) {
        try (var out =
            super.create(new Path(FULL), true, bufferSize, replication, blockSize, progress)) {
          out.write(0);
        }
      }
      return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }
  }

  private static Configuration hadoop() {
    var hadoop = SPARK.sparkContext().hadoopConfiguration();
    hadoop.set("fs.full.impl", FullDisk.class.getName());
    return hadoop;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPart(boolean here) {
    String directory = "full:" + folder.resolve("results");
    var store = new TableStore(directory, hadoop());
    var rows = SPARK.createDataFrame(List.of(TableStoreTest.trial(1)), Tables.TRIALS);
    var frame = here ? rows.coalesce(1) : rows;
    assertThatThrownBy(() -> store.commit("trials", "p", frame, Map.of()))
        .isInstanceOf(UnwritableException.class)
        .hasMessageStartingWith(directory + "/trials/p-")
        .hasMessageContaining(SAYS)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFile() {
    var file = new Path("full:" + folder.resolve("model.onnx"));
    assertThatThrownBy(() -> WholeFile.write(new byte[1], file, hadoop(), false))
        .isInstanceOf(UnwritableException.class)
        .hasMessageStartingWith(file + SAYS);
  }

  @Test
  void figures() {
    var figures = new Path("full:" + folder.resolve("figures"));
    assertThatThrownBy(() -> FigureFiles.write(Map.of("a.svg", new byte[1]), figures, hadoop()))
        .isInstanceOf(UnwritableException.class)
        .hasMessageStartingWith(figures + SAYS);
  }
}
