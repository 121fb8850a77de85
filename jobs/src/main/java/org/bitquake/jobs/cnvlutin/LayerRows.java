package org.bitquake.jobs.cnvlutin;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.bitquake.cnvlutin.AccessEnergy;
import org.bitquake.cnvlutin.Accesses;
import org.bitquake.jobs.store.CnvlutinTables;
import org.bitquake.network.Convolution;

/**
 * Makes the table {@code cnvlutin_layers}: the sums of {@code cnvlutin_slices} over images, and
 * what follows from them.
 *
 * @param encoded whether each layer is encoded, by network
 * @param hashes content hashes, by network
 * @param energies picojoules of an activation read, a weight read, an output write: of the
 *     baseline, then of Cnvlutin; none where no energy is asked for
 */
record LayerRows(
    Map<String, boolean[]> encoded,
    Map<String, String> hashes,
    double[] energies,
    int lanes,
    String accelerator,
    String dataset)
    implements MapFunction<Row, Row>, Serializable {

  static Dataset<Row> of(Simulation it, Dataset<Row> slices) {
    var sums = SliceRow.COUNTS.stream().map(count -> sum(count).as(count)).toList();
    return slices
        .groupBy(SliceRow.KEYS.stream().map(key -> col(key)).toArray(Column[]::new))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
        .map(of(it), Encoders.row(CnvlutinTables.LAYERS))
        .repartition(1)
        .sortWithinPartitions("network", "kind", "rate", "fault_map", "position");
  }

  private static LayerRows of(Simulation it) {
    Map<String, boolean[]> encoded = new TreeMap<>();
    Map<String, String> hashes = new TreeMap<>();
    for (var network : it.networks()) {
      List<Convolution> layers = network.network().weightLayers();
      boolean[] which = new boolean[layers.size()];
      for (int layer = 0; layer < which.length; layer++) {
        which[layer] = it.accelerator().encodes(layers.get(layer));
      }
      encoded.put(network.name(), which);
      hashes.put(network.name(), network.network().contentHash());
    }
    double[] energies =
        it.energy()
            .map(
                e ->
                    new double[] {
                      e.baseline().activationRead(),
                      e.baseline().weightRead(),
                      e.baseline().outputWrite(),
                      e.cnvlutin().activationRead(),
                      e.cnvlutin().weightRead(),
                      e.cnvlutin().outputWrite()
                    })
            .orElse(new double[0]);
    return new LayerRows(
        encoded,
        hashes,
        energies,
        it.accelerator().lanes(),
        it.accelerator().description(),
        it.dataset().name());
  }

  @Override
  public Row call(Row sums) {
    String network = sums.getAs("network");
    int position = sums.<Integer>getAs("position");
    var counts = SliceRow.counts(sums);
    List<Object> values = new ArrayList<>();
    SliceRow.KEYS.forEach(key -> values.add(sums.getAs(key)));
    values.add(encoded.get(network)[position]);
    SliceRow.COUNTS.forEach(count -> values.add(sums.getAs(count)));
    values.add(counts.speedUp());
    values.add(counts.zeroFraction());
    values.add(counts.idealSpeedUp().isPresent() ? counts.idealSpeedUp().getAsDouble() : null);
    values.add(counts.laneImbalance(lanes));
    values.add(energy(0, counts.baseline()).orElse(null));
    values.add(energy(3, counts.cnvlutin()).orElse(null));
    values.add(hashes.get(network));
    values.add(dataset);
    values.add(accelerator);
    return RowFactory.create(values.toArray());
  }

  private Optional<Double> energy(int first, Accesses accesses) {
    return energies.length == 0
        ? Optional.empty()
        : Optional.of(
            new AccessEnergy(energies[first], energies[first + 1], energies[first + 2])
                .of(accesses));
  }
}
