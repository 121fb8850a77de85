package org.bitquake.jobs.faultmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.jobs.faultmap.FaultyPlace.Reads;
import org.bitquake.jobs.figure.FigureSheet;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.QnnFile;
import org.junit.jupiter.api.Test;

class TrialMemoryTest {
  private static final double RATE = 0.01;
  private static final FaultModel UPSETS =
      new FaultModel(
          "upsets",
          new Clusters(List.of(new Clusters.Shape(1, 1, 0.5), new Clusters.Shape(2, 2, 0.5))),
          FaultKind.BIT_FLIP);

  private static CampaignNetwork network() throws IOException {
    Path file = Path.of("../conf/networks/lenet5-as-saq.qnn.npz");
    byte[] bytes = Files.readAllBytes(file);
    try (var in = Files.newInputStream(file)) {
      var network = QnnFile.read(in, file.toString());
      return new CampaignNetwork("lenet5", file.toString(), bytes, network, FaultScope.ALL);
    }
  }

  private static TrialMemory memory(FaultModel model) throws IOException {
    return TrialMemory.of(
        network(), new MemoryModel(model, Storage.DEFAULT), Encoding.TWOS_COMPLEMENT, 7, 17, RATE);
  }

  @Test
  void everyFaultyCellIsThereOnceWithWhatItReads() throws IOException {
    for (var kind : FaultKind.values()) {
      var memory = memory(new FaultModel("upsets", UPSETS.pattern(), kind));
      assertThat(memory.faulty()).hasSize((int) memory.tally().faultyCells()).isNotEmpty();
      assertThat(memory.faulty().stream().map(FaultyPlace::place)).doesNotHaveDuplicates();
      assertThat(memory.faulty().stream().map(FaultyPlace::reads).distinct())
          .containsExactlyInAnyOrder(
              switch (kind) {
                case BIT_FLIP -> new Reads[] {Reads.LOWER, Reads.HIGHER};
                case STUCK_AT_0 -> new Reads[] {Reads.LOWER, Reads.SAME};
                case STUCK_AT_1 -> new Reads[] {Reads.HIGHER, Reads.SAME};
              });
    }
  }

  @Test
  void whereItLiesIsTheLayoutsAddress() throws IOException {
    var memory = memory(UPSETS);
    var layout = memory.layout();
    for (FaultyPlace it : memory.faulty()) {
      long row = it.place().array() * layout.storage().rows() + it.place().row();
      long cell = layout.cellAt(row, it.place().column());
      assertThat(MemoryLayout.layer(cell)).isEqualTo(it.layer());
      assertThat(MemoryLayout.weight(cell)).isEqualTo(it.weight());
      assertThat(MemoryLayout.cell(cell)).isEqualTo(it.cell());
    }
    long inArrays = 0;
    for (long array = 0; array < layout.arrays(); array++) {
      inArrays += memory.in(array).size();
      assertThat(memory.in(memory.worstArray()))
          .hasSizeGreaterThanOrEqualTo(memory.in(array).size());
    }
    assertThat(inArrays).isEqualTo(memory.faulty().size());
  }

  @Test
  void totalsStandAgainstWhatIsExpected() throws IOException {
    var memory = memory(UPSETS);
    String text = new TrialMemoryText(memory, 17).text();
    assertThat(text)
        .contains("8 arrays of 256 × 128, interleaved")
        .contains("upsets (cluster: {1x1: 0.5, 2x2: 0.5}, bit-flip), rate 0.01, trial 17")
        .containsPattern("conv1 +600 +\\d+ +6\\.0")
        .containsPattern("all +245,880 +2,\\d{3} +2,458\\.8");
  }

  @Test
  void anArrayIsDrawnAsItLies() throws IOException {
    for (var model :
        List.of(
            UPSETS,
            new FaultModel("rows", Lines.ROW, new StuckOpen()),
            new FaultModel(
                "drift", CellPattern.INSTANCE, new Drift(2, true, Drift.Direction.UP)))) {
      var memory = memory(model);
      var panel = new ArrayMap(memory, memory.worstArray()).panel("Array");
      assertThat(panel.markup("a")).contains("Array " + memory.worstArray() + " of lenet5");
      var files = new FigureSheet(ArrayMap.legend(), List.of(panel)).files("array");
      assertThat(new String(files.get("array.svg"), StandardCharsets.UTF_8))
          .contains("reads too low", "row", "fc1");
      assertThat(files.get("array.png")).startsWith(0x89, 'P', 'N', 'G');
      String keep = System.getProperty("bitquake.test.pictures");
      if (keep != null) {
        Files.write(Path.of(keep, model.name() + ".png"), files.get("array.png"));
      }
    }
  }
}
