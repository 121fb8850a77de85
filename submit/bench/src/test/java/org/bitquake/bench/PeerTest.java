package org.bitquake.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.jobs.cli.Benchmarks;
import org.bitquake.jobs.cli.Benchmarks.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {
  private static final List<String> OUTPUT =
      List.of(
          "LeNet-5   10,000 images a trial: 0.400 CPU-s, 25000 images/s (batch 250)",
          "LeNet-5   30 images a trial: 4.00 CPU-ms",
          "ResNet-18 forward: 120 images/s",
          "ResNet-18 preparing a trial at 1 %: 380 CPU-ms");

  @Test
  void readsWhatTheScriptPrints() {
    assertThat(Peer.parse(OUTPUT))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Peer.Figure.LENET5_10000, 0.4,
                Peer.Figure.LENET5_30, 4.0,
                Peer.Figure.RESNET18_RATE, 120.0,
                Peer.Figure.RESNET18_PREPARE, 380.0));
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> Peer.parse(OUTPUT.subList(0, 3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("lacks [resnet18.prepare.milliseconds]")
        .hasMessageContaining("ResNet-18 forward: 120 images/s");
  }

  @Test
  void itsTrialsAreWhatItMeasuredOrPreparationPlusImages() {
    var results =
        results(
            Map.of(
                Peer.Figure.LENET5_10000, List.of(0.5, 0.4, 0.3),
                Peer.Figure.LENET5_30, List.of(4.0),
                Peer.Figure.RESNET18_RATE, List.of(100.0, 140.0),
                Peer.Figure.RESNET18_PREPARE, List.of(380.0)));

    assertThat(results.peerRate(Workload.LENET5)).hasValue(25_000.0);
    assertThat(results.peerTrial(Workload.LENET5, 10_000)).hasValue(0.4);
    assertThat(results.peerTrial(Workload.LENET5, 30)).hasValue(0.004);
    assertThat(results.peerTrial(Workload.LENET5, 250)).isEmpty();
    assertThat(results.peerTrial(Workload.RESNET18, 30).orElseThrow())
        .isCloseTo(0.380 + 30 / 120.0, within(1e-12));
    assertThat(results.peerRate(Workload.CONVOLUTIONS)).isEmpty();
  }

  @Test
  void withoutItNothingIsCompared() {
    assertThat(results(Map.of()).peerTrial(Workload.RESNET18, 30)).isEmpty();
  }

  @Test
  void aMissingScriptIsAReasonNotAnError(@TempDir Path folder) throws Exception {
    var found = Peer.find(options(Optional.empty()), folder.resolve("tree"), Settings.FULL);
    assertThat(found.peer()).isEmpty();
    assertThat(found.obstacle()).contains("no script", "--peer");
  }

  @Test
  void aQuickRunLeavesItOutUnlessItIsNamed(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("shared/reference/bench_peer.py");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "raise SystemExit(3)\n");
    var found = Peer.find(options(Optional.empty()), folder.resolve("tree"), Settings.QUICK);
    assertThat(found.obstacle()).contains("quick");
    var named = Peer.find(options(Optional.of(script)), folder.resolve("tree"), Settings.QUICK);
    assertThat(named.obstacle()).doesNotContain("quick");
  }

  private static Benchmarks.Options options(Optional<Path> peer) {
    return new Benchmarks.Options(
        false,
        EnumSet.of(Part.PEER),
        Optional.empty(),
        peer,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Results results(Map<String, List<Double>> peer) {
    return new Results(
        Machine.here(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        peer,
        List.of());
  }
}
