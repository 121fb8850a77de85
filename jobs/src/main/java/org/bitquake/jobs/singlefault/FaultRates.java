package org.bitquake.jobs.singlefault;

import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.FaultStratum.Block;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.singlefault.Outcome;
import org.bitquake.stats.MeanInterval;
import org.bitquake.stats.SampledPart;

/**
 * Makes the table {@code single_fault_rates} from {@code single_faults}.
 *
 * <p>Of a stratum's sample, the faults in some of its cells are a sample of those cells, given how
 * many there are. So every row is a combination of samples, one for each stratum that it has cells
 * of.
 */
final class FaultRates {
  private final SingleFaultCampaign campaign;
  private final Map<Key, FaultTally> tallies = new HashMap<>();
  private final Map<String, Integer> golden = new HashMap<>();

  private record Key(String network, String kind, String layer, int bit) {}

  private FaultRates(SingleFaultCampaign campaign) {
    this.campaign = campaign;
  }

  /** Adds up the rows of the table {@code single_faults}: exact integers, in any order. */
  static FaultRates of(SingleFaultCampaign campaign, Dataset<Row> faults) {
    var rates = new FaultRates(campaign);
    for (Row row : sums(faults).collectAsList()) {
      rates.tallies.put(
          new Key(row.getString(0), row.getString(1), row.getString(2), row.getInt(3)),
          FaultTally.of(row, 4));
      rates.golden.put(row.getString(0), row.getInt(13));
    }
    return rates;
  }

  /** Of the images looked at, those that each network gets right without faults. */
  int[] goldenCorrect() {
    return campaign.networks().stream().mapToInt(n -> golden.get(n.name())).toArray();
  }

  /** A row for each layer × bit, each layer, each bit, and all of each network × protection. */
  Dataset<Row> table(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int network = 0; network < campaign.networks().size(); network++) {
      for (var model : campaign.models(network)) {
        rows.addAll(rows(network, model.name()));
      }
    }
    return spark.createDataFrame(rows, SingleFaultTables.RATES).coalesce(1);
  }

  private static Dataset<Row> sums(Dataset<Row> faults) {
    return faults
        .groupBy("network", "kind", "layer", "bit")
        .agg(
            expr("count(outcome)"),
            expr("count(*) - count(outcome)"),
            expr(count(Outcome.MASKED)),
            expr(count(Outcome.CHANGED_LOGITS)),
            expr(count(Outcome.CHANGED_PREDICTION)),
            expr("coalesce(sum(changed_predictions), 0)"),
            expr("coalesce(sum(lost), 0)"),
            expr("coalesce(sum(correct - golden_correct + lost), 0)"),
            expr("min(correct)"),
            expr("max(golden_correct)"));
  }

  private static String count(Outcome outcome) {
    return Text.of("count(*) FILTER (WHERE outcome = '%s')", outcome.label());
  }

  private List<Row> rows(int network, String kind) {
    var blocks = campaign.strata(network).stream().flatMap(s -> s.blocks().stream()).toList();
    var layers = new TreeSet<>(blocks.stream().map(Block::layer).toList());
    var bits = new TreeSet<>(blocks.stream().map(Block::bit).toList()).descendingSet();
    List<Row> rows = new ArrayList<>();
    rows.add(row(network, kind, null, null));
    bits.forEach(bit -> rows.add(row(network, kind, null, bit)));
    for (int layer : layers) {
      rows.add(row(network, kind, layer, null));
      for (int bit : bits) {
        if (blocks.stream().anyMatch(b -> b.layer() == layer && b.bit() == bit)) {
          rows.add(row(network, kind, layer, bit));
        }
      }
    }
    return rows;
  }

  /** The cells of a stratum that belong to a row, and what is known of them. */
  private record Part(long population, FaultTally tally) {}

  private Row row(int network, String kind, Integer layer, Integer bit) {
    Predicate<Block> belongs =
        b -> (layer == null || b.layer() == layer) && (bit == null || b.bit() == bit);
    List<Part> parts = new ArrayList<>();
    for (FaultStratum stratum : campaign.strata(network)) {
      var its = stratum.blocks().stream().filter(belongs).toList();
      if (!its.isEmpty()) {
        parts.add(
            new Part(
                its.stream().mapToLong(Block::cells).sum(),
                its.stream()
                    .map(b -> tallies.getOrDefault(key(network, kind, b), FaultTally.NONE))
                    .reduce(FaultTally.NONE, FaultTally::plus)));
      }
    }
    return row(network, kind, layer == null ? null : name(network, layer), bit, parts);
  }

  private Row row(int network, String kind, String layer, Integer bit, List<Part> parts) {
    var all = parts.stream().map(Part::tally).reduce(FaultTally.NONE, FaultTally::plus);
    long population = parts.stream().mapToLong(Part::population).sum();
    double confidence = campaign.confidence();
    var masked = proportion(parts, FaultTally::masked);
    var logits = proportion(parts, FaultTally::changedLogits);
    var prediction = proportion(parts, FaultTally::changedPrediction);
    var sdc1 = pairs(parts, FaultTally::changedPairs, confidence);
    // Both at once hold with the level asked for, and so does their difference.
    double each = (1 + confidence) / 2;
    var lost = pairs(parts, FaultTally::lost, each);
    var gained = pairs(parts, FaultTally::gained, each);
    double right = goldenCorrect()[network];
    return RowFactory.create(
        campaign.networks().get(network).name(),
        kind,
        layer,
        bit,
        population,
        all.injected(),
        all.failed(),
        campaign.images(),
        boxed(masked.mean()),
        masked.low(),
        masked.high(),
        boxed(logits.mean()),
        logits.low(),
        logits.high(),
        boxed(prediction.mean()),
        prediction.low(),
        prediction.high(),
        boxed(sdc1.mean()),
        sdc1.low(),
        sdc1.high(),
        right / campaign.images(),
        lost.mean().isPresent() ? lost.mean().getAsDouble() - gained.mean().orElseThrow() : null,
        lost.low() - gained.high(),
        lost.high() - gained.low(),
        all.injected() == 0 ? null : (right - all.leastCorrect()) / campaign.images(),
        confidence,
        all.injected() == population);
  }

  private MeanInterval proportion(List<Part> parts, ToLongFunction<FaultTally> count) {
    return MeanInterval.of(
        parts.stream()
            .map(
                p ->
                    SampledPart.proportion(
                        p.population(), p.tally().injected(), count.applyAsLong(p.tally())))
            .toList(),
        campaign.confidence());
  }

  /** The mean over faults of their share of images. */
  private MeanInterval pairs(
      List<Part> parts, ToLongFunction<FaultTally> count, double confidence) {
    return MeanInterval.of(
        parts.stream()
            .map(
                p ->
                    new SampledPart(
                        p.population(),
                        p.tally().injected(),
                        (double) count.applyAsLong(p.tally()) / campaign.images(),
                        false))
            .toList(),
        confidence);
  }

  private Key key(int network, String kind, Block block) {
    return new Key(
        campaign.networks().get(network).name(), kind, name(network, block.layer()), block.bit());
  }

  private String name(int network, int layer) {
    return campaign.networks().get(network).network().weightLayers().get(layer).name();
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
