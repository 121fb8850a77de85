package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignConfigTest {
  private static final String GOOD =
      """
      name: lenet5
      seed: 1
      networks:
        - a.qnn.npz
        - {file: b.qnn.npz, name: as}
      data: {name: fashion-mnist, split: test}
      faults:
        kinds: [bit-flip, stuck-at-0]
        rates: [0, 0.01]
        encoding: twos-complement
        layers: [conv1]
        bits: [3]
      trials: {perCell: 400}
      images: 100
      confidence: 0.9
      output: results/x
      """;

  private static CampaignConfig parse(String text) {
    return Yaml.parse(text, "c.yaml", CampaignConfig.class);
  }

  @Test
  void readsBothFormsOfANetwork() {
    assertThat(parse(GOOD).networks())
        .containsExactly(
            new NetworkSource("a.qnn.npz", Optional.empty()),
            new NetworkSource("b.qnn.npz", Optional.of("as")));
  }

  @Test
  void readsImagesAsANumberOrAll() {
    assertThat(parse(GOOD).images().count()).contains(100);
    assertThat(parse(GOOD.replace("images: 100", "images: all")).images().count()).isEmpty();
  }

  @Test
  void fillsInDefaults() {
    var config = parse(GOOD.replaceAll("(?m)^ *(encoding|layers|bits|confidence).*\n", ""));
    assertThat(config.confidence()).isEqualTo(0.95);
    assertThat(config.faults().encoding()).isEqualTo("twos-complement");
    assertThat(config.faults().layers()).isEmpty();
    assertThat(config.faults().bits()).isEmpty();
    assertThat(config.faults().faultModels())
        .isEqualTo(List.of(FaultModel.of(FaultKind.BIT_FLIP), FaultModel.of(FaultKind.STUCK_AT_0)));
    assertThat(config.memory().storage()).isEqualTo(Storage.DEFAULT);
  }

  @Test
  void whatIsLeftOutIsAsIfTheDefaultWereWritten() {
    String least =
        GOOD.replaceAll("(?m)^seed.*\n|, split: test", "").replace("confidence: 0.9\n", "");
    String most = GOOD.replace("confidence: 0.9\n", "confidence: 0.95\n");
    assertThat(least).doesNotContain("seed", "split", "confidence");
    assertThat(parse(least)).isEqualTo(parse(most));
    assertThat(parse(GOOD.replace("confidence: 0.9\n", "confidence:\n"))).isEqualTo(parse(most));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.01] | 1.5] | c.yaml:9:14: faults.rates[1]: 1.5 is outside 0…1; write 5 % as 0.05
          0.01] | -0.1] | c.yaml:9:14: faults.rates[1]: -0.1 is outside 0…1; write 5 % as 0.05
          0.01] | 0.0] | c.yaml:9:14: faults.rates[1]: 0.0 is here twice
          [0, 0.01] | [] | c.yaml:9:3: faults.rates: is empty; give at least one
          stuck-at-0] | bit-flip] | c.yaml:8:21: faults.kinds[1]: bit-flip is here twice
          stuck-at-0] | flip] | c.yaml:8:21: faults.kinds[1]: unknown fault kind "flip"
          [bit-flip, stuck-at-0] | [] | c.yaml:8:3: faults.kinds: is empty; give at least one
          [conv1] | [] | c.yaml:11:3: faults.layers: is empty; give at least one
          [3] | [3, 3] | c.yaml:12:13: faults.bits[1]: 3 is here twice
          twos-complement | grey | c.yaml:10:3: faults.encoding: unknown encoding "grey"
          400 | 1 | c.yaml:13:10: trials.perCell: 1 is outside 2…1000000000
          perCell: 400 | per: 400 | c.yaml:13:10: unknown key "per" in trials; known keys here: perCell, until
          {perCell: 400} | {} | c.yaml:13:1: trials: needs either perCell or until
          perCell: 400 | 'perCell: 4, until: {halfWidth: 0.1}' | c.yaml:13:1: trials: needs either perCell or until
          perCell: 400 | 'until: {halfWidth: 5}' | c.yaml:13:18: trials.until.halfWidth: 5.0 is not between 0 and 0.5
          perCell: 400 | 'until: {halfWidth: 0.01, max: 1}' | c.yaml:13:35: trials.until.max: 1 is outside 2
          images: 100 | images: 0 | c.yaml:14:1: images: 0 images; write a positive number, all or auto
          images: 100 | images: some | c.yaml:14:1: images: "some" is not a number of images
          images: 100 | images: 1.5 | c.yaml:14:1: images:
          0.9 | 1.0 | c.yaml:15:1: confidence: 1.0 is not between 0 and 1
          results/x | "  " | c.yaml:16:1: output: is blank
          '  - a.qnn.npz' | '  - ""' | c.yaml:4:5: networks[0].file: is blank
          file: b | fil: b | c.yaml:5:6: unknown key "fil" in networks[1]; known keys here: file, name
          """)
  void saysWhereAndWhatIsWrong(String from, String to, String message) {
    String text = GOOD.replace(from, to);
    assertThat(text).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }
}
