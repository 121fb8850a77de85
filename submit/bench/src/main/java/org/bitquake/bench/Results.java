package org.bitquake.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.bench.Measurement.Quantity;
import org.bitquake.bench.Threads.Scaling;

/**
 * Everything that was measured; the JSON is this record.
 *
 * @param engines by name, why an engine was left out; an empty text where it was not
 * @param macs multiply-accumulates of an image, by workload
 * @param peaks multiply-adds a CPU-second of the processor, by lane type
 * @param series the engines' samples
 * @param threads two threads against one
 * @param commands whole commands
 * @param peer the peer's figures
 * @param notes what was not measured and why
 */
record Results(
    Machine machine,
    Map<String, String> engines,
    Map<String, Long> macs,
    Map<String, List<Double>> peaks,
    List<Series> series,
    List<Scaling> threads,
    List<Commands.Timing> commands,
    Map<String, List<Double>> peer,
    List<String> notes) {

  Optional<Series> find(Quantity quantity, String subject, String engine, int images) {
    return series.stream()
        .filter(s -> s.quantity() == quantity && s.subject().equals(subject))
        .filter(s -> s.engine().equals(engine) && s.images() == images)
        .findFirst();
  }

  List<Series> all(Quantity quantity) {
    return series.stream().filter(s -> s.quantity() == quantity).toList();
  }

  /** The peer's images a second, of CPU time. */
  Optional<Double> peerRate(String subject) {
    return switch (subject) {
      case Workload.LENET5 -> peer(Peer.Figure.LENET5_10000).map(seconds -> 10_000 / seconds);
      case Workload.RESNET18 -> peer(Peer.Figure.RESNET18_RATE);
      default -> Optional.empty();
    };
  }

  /** The peer's CPU-seconds to prepare a trial. */
  Optional<Double> peerPreparation(String subject) {
    return subject.equals(Workload.RESNET18)
        ? peer(Peer.Figure.RESNET18_PREPARE).map(millis -> millis / 1e3)
        : Optional.empty();
  }

  /** The peer's CPU-seconds for a trial; ResNet-18's are preparation plus images. */
  Optional<Double> peerTrial(String subject, int images) {
    if (subject.equals(Workload.LENET5)) {
      return switch (images) {
        case 30 -> peer(Peer.Figure.LENET5_30).map(millis -> millis / 1e3);
        case 10_000 -> peer(Peer.Figure.LENET5_10000);
        default -> Optional.empty();
      };
    }
    return peerPreparation(subject)
        .flatMap(seconds -> peerRate(subject).map(rate -> seconds + images / rate));
  }

  private Optional<Double> peer(String figure) {
    return Optional.ofNullable(peer.get(figure)).map(Series::median);
  }
}
