package org.bitquake.jobs.singlefault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.SingleFault;
import org.bitquake.fault.SingleFaultSampler;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.protect.CellList;
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
   * What tasks and rows need to know of a campaign. A network is there once for each protection.
   *
   * @param kinds as tables call them
   * @param networks position of each among the files
   * @param strata of each
   * @param events of each what fails together, JSON; null for single cells without protections
   * @param hardened of each the lists of hardened cells, in the order of its protection
   */
  record Plan(
      long seed,
      String kind,
      String encoding,
      String dataset,
      List<String> kinds,
      List<String> names,
      List<String> hashes,
      List<Integer> networks,
      List<List<FaultStratum>> strata,
      String[] events,
      List<List<CellList>> hardened)
      implements Serializable {
    static Plan of(SingleFaultCampaign campaign) {
      List<String> kinds = new ArrayList<>();
      List<CampaignNetwork> its = new ArrayList<>();
      List<Integer> networks = new ArrayList<>();
      List<List<FaultStratum>> strata = new ArrayList<>();
      List<String> events = new ArrayList<>();
      List<List<CellList>> hardened = new ArrayList<>();
      for (int network = 0; network < campaign.networks().size(); network++) {
        for (var variant : campaign.variants(network)) {
          var model = variant.model(campaign.kind());
          kinds.add(model.name());
          its.add(campaign.networks().get(network));
          networks.add(network);
          strata.add(List.copyOf(campaign.strata(network)));
          events.add(variant.json());
          hardened.add(model.hardenedCells());
        }
      }
      return new Plan(
          campaign.seed(),
          campaign.kind().label(),
          campaign.encoding().label(),
          campaign.dataset().name(),
          List.copyOf(kinds),
          its.stream().map(CampaignNetwork::name).toList(),
          its.stream().map(n -> n.network().contentHash()).toList(),
          List.copyOf(networks),
          List.copyOf(strata),
          events.toArray(String[]::new),
          List.copyOf(hardened));
    }

    /** The plan of a campaign that has this fault only; it draws none. */
    static Plan of(RecordedFault fault) {
      return new Plan(
          fault.seed(),
          fault.kind().label(),
          fault.encoding().label(),
          fault.dataset(),
          List.of(fault.events().model(fault.kind()).name()),
          List.of(fault.network()),
          List.of(fault.networkHash()),
          List.of(0),
          List.of(),
          new String[] {fault.event().orElse(null)},
          List.of(fault.hardened()));
    }

    Events events(int variant) {
      return Events.parse(events[variant], hardened.get(variant));
    }

    SingleFaultSampler sampler(int variant, Optional<EventPlaces> places) {
      return places
          .map(its -> new SingleFaultSampler(seed, strata.get(variant), its))
          .orElseGet(() -> new SingleFaultSampler(seed, strata.get(variant)));
    }

    FaultKind faultKind() {
      return FaultKind.of(kind);
    }

    /** The columns of the table {@code single_faults}. */
    StructType schema() {
      return events(0).arePlain() ? SingleFaultTables.FAULTS : SingleFaultTables.FAULTS_OF_EVENTS;
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Long> its) {
    List<Long> mine = new ArrayList<>();
    its.forEachRemaining(mine::add);
    List<Row> rows = new ArrayList<>();
    long before = 0;
    for (int variant = 0; variant < plan.names().size(); variant++) {
      long after =
          before + plan.strata().get(variant).stream().mapToLong(FaultStratum::injected).sum();
      List<Long> numbers = new ArrayList<>();
      for (long unit : mine) {
        for (long f = first + unit; f < Math.min(end, after); f += units) {
          if (f >= before) {
            numbers.add(f - before);
          }
        }
      }
      if (!numbers.isEmpty()) {
        run(variant, numbers, rows);
      }
      before = after;
    }
    return rows.iterator();
  }

  private void run(int variant, List<Long> numbers, List<Row> rows) {
    var network = network(variant);
    var events = plan.events(variant);
    var sampler = plan.sampler(variant, events.places(network));
    List<SingleFault> faults = numbers.stream().map(sampler::fault).toList();
    var writer = FaultRow.of(plan, variant, network);
    byte[][] images = pixelsAndLabels.value();
    int count = Dataset.values(images[1], network.classes()).length;
    try (var runner =
        new SingleFaultRunner(
            network,
            events.reads(network, plan.faultKind(), Encoding.of(plan.encoding())),
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

  private QuantizedNetwork network(int variant) {
    byte[] file = networkFiles.value()[plan.networks().get(variant)];
    try (var in = new ByteArrayInputStream(file)) {
      return QnnFile.read(in, plan.names().get(variant));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
