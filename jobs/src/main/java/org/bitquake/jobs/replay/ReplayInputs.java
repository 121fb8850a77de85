package org.bitquake.jobs.replay;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * Loads what a row needs and proves that it is what the campaign had.
 *
 * @param row the row to run again
 * @param origin the network's row of the table {@code networks}; empty while the campaign runs
 */
record ReplayInputs(RecordedRow row, Optional<Row> origin, Configuration hadoop) {

  static ReplayInputs of(
      SparkSession spark, TableStore store, RecordedRow row, Configuration hadoop) {
    var rows =
        store.read(spark, "networks").filter(col("network").equalTo(row.network())).takeAsList(1);
    return new ReplayInputs(row, rows.stream().findFirst(), hadoop);
  }

  /**
   * @param file of the network, instead of the one that the table names
   * @param images of the campaign
   * @throws InputException if a file is missing or is another one than the campaign's
   */
  Subject load(Optional<String> file, RecordedData images) throws IOException {
    var network = network(file);
    var data = data(images, network);
    requireFit(network, data);
    return ReplayTable.subject(images.complete(row), network, data);
  }

  private QuantizedNetwork network(Optional<String> file) throws IOException {
    var path = path(file);
    if (!path.getFileSystem(hadoop).exists(path)) {
      throw new InputException(
          Text.of(
              "%s: no such file; say where network %s is with --network-file FILE",
              path, row.network()));
    }
    var network = QnnFile.read(path, hadoop).withName(row.network());
    if (!network.contentHash().equals(row.networkHash())) {
      throw new InputException(
          Text.of(
              "%s: not the network of this row (content hash %s, not %s); say where network %s is with --network-file FILE",
              path, network.contentHash(), row.networkHash(), row.network()));
    }
    return network;
  }

  private Path path(Optional<String> file) {
    return file.or(() -> origin.map(its -> its.<String>getAs("file")))
        .filter(name -> !name.isBlank())
        .map(Path::new)
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "the table networks has no %s (the campaign is not finished); say where it is with --network-file FILE",
                        row.network())));
  }

  private Dataset data(RecordedData images, QuantizedNetwork network) {
    var data = images.load(row, network);
    String expected = origin.map(its -> its.<String>getAs("dataset_sha256")).orElse(null);
    boolean same =
        expected == null ? data.name().equals(row.dataset()) : data.sha256().equals(expected);
    if (!same) {
      throw new InputException(
          Text.of(
              "%s: %s with SHA-256 %s, but the campaign ran on %s with SHA-256 %s; say where that lies with --data PATH",
              images.where(),
              data.name(),
              data.sha256(),
              row.dataset(),
              expected == null ? "unknown" : expected));
    }
    return data.named(row.dataset());
  }

  /** The columns of a damaged row need not go together. */
  private void requireFit(QuantizedNetwork network, Dataset data) {
    row.encoding()
        .requireRepresentable(network.copyCodes(), CampaignNetwork.bits(network), row.network());
    if (row.images() > data.size()
        || !network.inputShape().equals(data.shape())
        || network.classes() != data.classes()) {
      throw new InputException(
          Text.of(
              "%d images of %s (%d images of %s, %d classes) do not go with network %s (%s, %d classes): the row is damaged, run the campaign again",
              row.images(),
              data.name(),
              data.size(),
              data.shape(),
              data.classes(),
              network.name(),
              network.inputShape(),
              network.classes()));
    }
  }
}
