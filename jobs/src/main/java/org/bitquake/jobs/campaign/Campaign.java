package org.bitquake.jobs.campaign;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.trial.TrialPlan;
import org.bitquake.memory.OperatingPoint;

/**
 * A campaign with everything it needs in memory, checked: from here on nothing the user wrote can
 * be wrong.
 *
 * @param networks in the order of the configuration, at least one
 * @param dataset the labelled images
 * @param images of the data set that each trial looks at; with {@code autoImages} those of the
 *     first trials only
 * @param autoImages whether each network × kind × rate then gets the number that costs it least
 * @param kinds the fault models, with names that differ
 * @param points of the memory that rates are those of, one each; none where rates were given
 * @param encoding of weight codes, where a fault model does not say it
 * @param trials of each network × kind × rate, or the most that it may have
 * @param halfWidth of the intervals, at which to stop; empty to run all trials
 * @param confidence level of the intervals
 */
public record Campaign(
    String name,
    long seed,
    List<CampaignNetwork> networks,
    Dataset dataset,
    int images,
    boolean autoImages,
    List<MemoryModel> kinds,
    List<Double> rates,
    List<OperatingPoint> points,
    Encoding encoding,
    long trials,
    Optional<Double> halfWidth,
    double confidence) {
  /** Images of the first trials where the number is chosen later. */
  public static final int FIRST_IMAGES = 32;

  /** Whether what comes next depends on the results so far. */
  public boolean isAdaptive() {
    return autoImages || halfWidth.isPresent();
  }

  /** Whether its tables tell top-5 accuracy. */
  boolean hasTop5() {
    return TopFive.applies(dataset.classes());
  }

  /** Networks × kinds × rates. */
  public int cells() {
    return rowsPerTrial();
  }

  /** A network × kind × rate; cells are numbered in this order. */
  public record Cell(int network, MemoryModel kind, double rate) {}

  public Cell cell(int index) {
    int rate = index % rates.size();
    int kind = index / rates.size() % kinds.size();
    return new Cell(index / rates.size() / kinds.size(), kinds.get(kind), rates.get(rate));
  }

  /** Whether no fault can occur there, so that the accuracy is known without a trial. */
  public boolean isExact(int index) {
    var cell = cell(index);
    return cell.rate() == 0
        || (cell.kind().isOfWeights() && networks.get(cell.network()).cells() == 0);
  }

  /** The point of the memory that a cell's rate is that of, if there is one. */
  Optional<OperatingPoint> point(int index) {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.get(index % rates.size()));
  }

  /** Rows of one trial number: a row for each network × kind × rate. */
  int rowsPerTrial() {
    return networks.size() * kinds.size() * rates.size();
  }

  /** Rows of the whole campaign, at most. */
  long rows() {
    return Math.multiplyExact(trials, rowsPerTrial());
  }

  /** Multiply-accumulates of all network runs of one trial number. */
  long macsPerTrial() {
    long runs = kinds.size() * rates.stream().filter(rate -> rate > 0).count();
    long perImage = networks.stream().mapToLong(n -> n.network().macs()).sum();
    return Math.multiplyExact(Math.multiplyExact(perImage, runs), images);
  }

  /** How weight codes are stored, in all the ways that its fault models say. */
  List<Encoding> encodings() {
    var all =
        kinds.stream()
            .filter(MemoryModel::isOfWeights)
            .map(kind -> kind.encoding().orElse(encoding))
            .distinct()
            .toList();
    return all.isEmpty() ? List.of(encoding) : all;
  }

  /** What tasks need to know of it. */
  public TrialPlan trialPlan() {
    return TrialPlan.of(seed, networks, kinds, rates, encoding, dataset);
  }

  WavePlan waves() {
    return WavePlan.of(trials, rowsPerTrial(), macsPerTrial());
  }
}
