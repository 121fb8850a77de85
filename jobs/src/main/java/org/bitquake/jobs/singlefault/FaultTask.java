package org.bitquake.jobs.singlefault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bitquake.data.Dataset;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.SingleFault;
import org.bitquake.fault.SingleFaultSampler;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.SingleFaultTables;
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
   * @param events of each network what fails together, JSON; null for single cells
   */
  record Plan(
      long seed,
      String kind,
      String encoding,
      String dataset,
      List<String> names,
      List<String> hashes,
      List<List<FaultStratum>> strata,
      String[] events)
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
          List.copyOf(strata),
          IntStream.range(0, campaign.networks().size())
              .mapToObj(network -> campaign.events(network).json())
              .toArray(String[]::new));
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
          List.of(),
          new String[] {fault.event().orElse(null)});
    }

    Events events(int network) {
      return Events.parse(events[network]);
    }

    SingleFaultSampler sampler(int network, Optional<EventPlaces> places) {
      return places
          .map(its -> new SingleFaultSampler(seed, strata.get(network), its))
          .orElseGet(() -> new SingleFaultSampler(seed, strata.get(network)));
    }

    /** The columns of the table {@code single_faults}. */
    StructType schema() {
      return events(0).areCells() ? SingleFaultTables.FAULTS : SingleFaultTables.FAULTS_OF_EVENTS;
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Long> its) {
    List<Long> mine = new ArrayList<>();
    its.forEachRemaining(mine::add);
    List<Row> rows = new ArrayList<>();
    long before = 0;
    for (int network = 0; network < plan.names().size(); network++) {
      long after =
          before + plan.strata().get(network).stream().mapToLong(FaultStratum::injected).sum();
      List<Long> numbers = new ArrayList<>();
      for (long unit : mine) {
        for (long f = first + unit; f < Math.min(end, after); f += units) {
          if (f >= before) {
            numbers.add(f - before);
          }
        }
      }
      if (!numbers.isEmpty()) {
        run(network, numbers, rows);
      }
      before = after;
    }
    return rows.iterator();
  }

  private void run(int index, List<Long> numbers, List<Row> rows) {
    var network = network(index);
    var sampler = plan.sampler(index, plan.events(index).places(network));
    List<SingleFault> faults = numbers.stream().map(sampler::fault).toList();
    var writer = FaultRow.of(plan, index, network);
    byte[][] images = pixelsAndLabels.value();
    int count = Dataset.values(images[1], network.classes()).length;
    try (var runner =
        new SingleFaultRunner(
            network,
            writer.kind(),
            writer.encoding(),
            writer.together(),
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
