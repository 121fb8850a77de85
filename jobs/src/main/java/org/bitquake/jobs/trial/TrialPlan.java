package org.bitquake.jobs.trial;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.injection.ModelText;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.network.QuantizedNetwork;

/**
 * The small part of a campaign that tasks need, sent with each of them.
 *
 * @param names of the networks
 * @param hashes content hashes of the networks
 * @param layers weight layers in scope, {@code [network][]}; none means all
 * @param bits bit positions in scope; none means all
 * @param models how memory fails
 * @param hasModels whether rows say so, because a name does not say it all
 * @param encoding of weight codes, where a model does not say it
 * @param data the form of the data set
 */
public record TrialPlan(
    long seed,
    List<String> names,
    List<String> hashes,
    int[][] layers,
    int[] bits,
    List<ModelText> models,
    boolean hasModels,
    List<Double> rates,
    Encoding encoding,
    DataForm data)
    implements Serializable {

  /** Name, shape and classes of the data set, whose bytes travel as a broadcast. */
  public record DataForm(String name, int channels, int height, int width, int classes)
      implements Serializable {
    private static DataForm of(Dataset data) {
      var shape = data.shape();
      return new DataForm(
          data.name(), shape.channels(), shape.height(), shape.width(), data.classes());
    }

    /** The number of images in what travels. */
    int images(byte[][] pixelsAndLabels) {
      return pixelsAndLabels[0].length / (channels * height * width);
    }
  }

  /**
   * The plan of trials on all networks, with all kinds and rates.
   *
   * @param networks at least one, with the same bits in scope
   */
  public static TrialPlan of(
      long seed,
      List<CampaignNetwork> networks,
      List<MemoryModel> kinds,
      List<Double> rates,
      Encoding encoding,
      Dataset data) {
    return new TrialPlan(
        seed,
        networks.stream().map(CampaignNetwork::name).toList(),
        networks.stream().map(n -> n.network().contentHash()).toList(),
        networks.stream().map(n -> ints(n.scope().layers())).toArray(int[][]::new),
        ints(networks.get(0).scope().bits()),
        kinds.stream().map(ModelText::of).toList(),
        !kinds.stream().allMatch(MemoryModel::isClassic),
        rates,
        encoding,
        DataForm.of(data));
  }

  /** The same with the column of models in its rows, whether they need it or not. */
  public TrialPlan withModels() {
    return new TrialPlan(seed, names, hashes, layers, bits, models, true, rates, encoding, data);
  }

  /** The plan of a campaign that has this trial only. */
  static TrialPlan of(TrialRow trial, QuantizedNetwork network, Dataset data) {
    return new TrialPlan(
        trial.seed(),
        List.of(trial.network()),
        List.of(network.contentHash()),
        new int[][] {ints(trial.scope().layers())},
        ints(trial.scope().bits()),
        List.of(ModelText.of(trial.kind())),
        trial.hasModel(),
        List.of(trial.rate()),
        trial.encoding(),
        DataForm.of(data));
  }

  /** How weight codes are stored in such a memory. */
  Encoding encoding(MemoryModel kind) {
    return kind.encoding().orElse(encoding);
  }

  /** How memory fails. */
  List<MemoryModel> kinds() {
    return models.stream().map(ModelText::model).toList();
  }

  /** The columns of the table {@code trials}. */
  public StructType schema() {
    StructType base = hasModels ? Tables.TRIALS_OF_MODELS : Tables.TRIALS;
    return TopFive.applies(data.classes()) ? TopFive.with("trials", base) : base;
  }

  FaultScope scope(int network) {
    return new FaultScope(set(layers[network]), set(bits));
  }

  /** The weight layers of a network in scope, such as {@code 0,2}; null for all. */
  String layersText(int network) {
    return text(layers[network]);
  }

  /** The bits in scope, such as {@code 0,3}; null for all. */
  String bitsText() {
    return text(bits);
  }

  private static String text(int[] values) {
    return values.length == 0
        ? null
        : Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }

  double highestRate() {
    return rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private static int[] ints(Set<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private static Set<Integer> set(int[] values) {
    return Arrays.stream(values).boxed().collect(Collectors.toUnmodifiableSet());
  }
}
