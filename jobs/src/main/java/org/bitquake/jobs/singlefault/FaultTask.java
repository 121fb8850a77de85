package org.bitquake.jobs.singlefault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.SingleFault;
import org.bitquake.fault.SingleFaultSampler;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.singlefault.SingleFaultRunner;

/**
 * Injects the faults of a wave. Unit u of U takes the fault numbers first + u, first + u + U, …:
 * all strata are spread over all units, and a unit has faults enough to share a trace of the golden
 * run.
 *
 * @param plan the small part of the campaign
 * @param first the first fault number of the wave
 * @param end one past its last
 * @param units U
 * @param networkFiles bytes of the network files
 * @param pixelsAndLabels of the images, in the order in which they were drawn
 */
record FaultTask(
    Plan plan,
    long first,
    long end,
    int units,
    Broadcast<byte[][]> networkFiles,
    Broadcast<byte[][]> pixelsAndLabels,
    EngineSource engines)
    implements MapPartitionsFunction<Long, Row> {

  /**
   * What tasks and rows need to know of a campaign.
   *
   * @param strata of each network
   */
  record Plan(
      long seed,
      String kind,
      String encoding,
      String dataset,
      List<String> names,
      List<String> hashes,
      List<List<FaultStratum>> strata)
      implements Serializable {
    static Plan of(SingleFaultCampaign campaign) {
      List<List<FaultStratum>> strata = new ArrayList<>();
      for (int network = 0; network < campaign.networks().size(); network++) {
        strata.add(List.copyOf(campaign.strata(network)));
      }
      return new Plan(
          campaign.seed(),
          campaign.kind().label(),
          campaign.encoding().label(),
          campaign.dataset().name(),
          campaign.networks().stream().map(CampaignNetwork::name).toList(),
          campaign.networks().stream().map(n -> n.network().contentHash()).toList(),
          List.copyOf(strata));
    }

    /** The plan of a campaign that has this fault only; it draws none. */
    static Plan of(RecordedFault fault) {
      return new Plan(
          fault.seed(),
          fault.kind().label(),
          fault.encoding().label(),
          fault.dataset(),
          List.of(fault.network()),
          List.of(fault.networkHash()),
          List.of());
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Long> its) {
    List<Long> mine = new ArrayList<>();
    its.forEachRemaining(mine::add);
    List<Row> rows = new ArrayList<>();
    long before = 0;
    for (int network = 0; network < plan.names().size(); network++) {
      var sampler = new SingleFaultSampler(plan.seed(), plan.strata().get(network));
      long after = before + sampler.count();
      List<Long> numbers = new ArrayList<>();
      for (long unit : mine) {
        for (long f = first + unit; f < Math.min(end, after); f += units) {
          if (f >= before) {
            numbers.add(f - before);
          }
        }
      }
      if (!numbers.isEmpty()) {
        run(network, sampler, numbers, rows);
      }
      before = after;
    }
    return rows.iterator();
  }

  private void run(int index, SingleFaultSampler sampler, List<Long> numbers, List<Row> rows) {
    var network = network(index);
    List<SingleFault> faults = numbers.stream().map(sampler::fault).toList();
    var writer = new FaultRow(plan, index, network.weightLayers());
    byte[][] images = pixelsAndLabels.value();
    int count = Dataset.values(images[1], network.classes()).length;
    try (var runner =
        new SingleFaultRunner(
            network,
            writer.kind(),
            writer.encoding(),
            images[0],
            images[1],
            () -> engines.prepare(network))) {
      int golden = runner.goldenCorrect();
      var results = runner.run(faults);
      for (int i = 0; i < results.size(); i++) {
        rows.add(writer.of(numbers.get(i), results.get(i), count, golden));
      }
    }
  }

  private QuantizedNetwork network(int index) {
    try (var in = new ByteArrayInputStream(networkFiles.value()[index])) {
      return QnnFile.read(in, plan.names().get(index));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
