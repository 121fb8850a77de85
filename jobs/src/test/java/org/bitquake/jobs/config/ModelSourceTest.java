package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.TargetMemory.Activations;
import org.bitquake.fault.TargetMemory.Offsets;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.Drift.Direction;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Clusters.Shape;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Fault models as files write them, and as tables do. */
class ModelSourceTest {
  private static final String ALL =
      """
      name: all
      networks: [a.qnn.npz]
      data: {name: fashion-mnist}
      faults:
        models:
          - bit-flip
          - {name: upsets, pattern: {cluster: {1x1: 0.6, 1x2: 0.25, 2x2: 0.15}}, effect: bit-flip}
          - {pattern: row, effect: stuck-at-0}
          - {name: weak, pattern: {columns: {shape: 0.5}}, effect: stuck-open}
          - {effect: {mixed: {stuck-at-0: .3, stuck-at-1: .3, bit-flip: .4}}}
          - {name: cells of two bits, effect: {drift: {levels: 2, gray: true, direction: either}}}
          - {pattern: {cluster: {1x1: 1}}, effect: stuck-at-random}
          - {target: activations, pattern: row, effect: bit-flip}
          - {target: {activations: {transient: true, input: true}}, effect: stuck-at-1}
          - {name: misread, target: offsets, effect: bit-flip}
          - {target: {offsets: {transient: true, input: true, brick: 8, fullyConnected: true}}, effect: bit-flip}
        rates: [0.0, 0.01]
      memory: {rows: 16, wordsPerRow: 2}
      trials: {perCell: 2}
      images: 8
      output: results/all
      """;

  private static CampaignConfig parse(String text) {
    return Yaml.parse(text, "c.yaml", CampaignConfig.class);
  }

  static List<FaultModel> models() {
    return List.of(
        FaultModel.of(FaultKind.BIT_FLIP),
        new FaultModel(
            "upsets",
            new Clusters(
                List.of(new Shape(1, 1, 0.6), new Shape(1, 2, 0.25), new Shape(2, 2, 0.15))),
            FaultKind.BIT_FLIP),
        new FaultModel("row-stuck-at-0", Lines.ROW, FaultKind.STUCK_AT_0),
        new FaultModel("weak", new WeakColumns(0.5), new StuckOpen()),
        new FaultModel("mixed", CellPattern.INSTANCE, new Mixed(0.3, 0.3, 0.4)),
        new FaultModel(
            "cells of two bits", CellPattern.INSTANCE, new Drift(2, true, Direction.EITHER)),
        new FaultModel(
            "cluster-stuck-at-random",
            new Clusters(List.of(new Shape(1, 1, 1))),
            new StuckAtRandom()),
        new FaultModel(
            "activations-row-bit-flip",
            new Activations(false, false),
            Lines.ROW,
            FaultKind.BIT_FLIP),
        new FaultModel(
            "transient-activations-stuck-at-1",
            new Activations(true, true),
            CellPattern.INSTANCE,
            FaultKind.STUCK_AT_1),
        new FaultModel(
            "misread",
            new Offsets(false, 16, false, false),
            CellPattern.INSTANCE,
            FaultKind.BIT_FLIP),
        new FaultModel(
            "transient-offsets-bit-flip",
            new Offsets(true, 8, true, true),
            CellPattern.INSTANCE,
            FaultKind.BIT_FLIP));
  }

  @Test
  void areWhatTheFileSays() {
    assertThat(parse(ALL).faults().faultModels()).isEqualTo(models());
    assertThat(parse(ALL).memory().storage()).isEqualTo(new Storage(32, 16, 2, true));
  }

  @Test
  void everyKindIsAnEffect() {
    for (var kind : FaultKind.values()) {
      assertThat(ModelSource.of(kind.label()).model()).isEqualTo(FaultModel.of(kind));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theirJsonSaysAllButTheName(FaultModel model) {
    var storage = new Storage(64, 512, 3, false);
    String json = RecordedModel.of(model, storage, Optional.empty(), Optional.empty()).json();
    var again = RecordedModel.parse(json);
    assertThat(again.target().memory()).isEqualTo(model.memory());
    assertThat(again.pattern().pattern()).isEqualTo(model.pattern());
    assertThat(again.effect().orElseThrow().effect()).isEqualTo(model.effect());
    assertThat(again.memory().storage()).isEqualTo(storage);
    assertThat(again.json()).isEqualTo(json);
  }

  @Test
  void theirJsonStaysAsItIs() {
    assertThat(
            RecordedModel.of(models().get(1), Storage.DEFAULT, Optional.empty(), Optional.empty())
                .json())
        .isEqualTo(
            "{\"pattern\":{\"cluster\":{\"1x1\":0.6,\"1x2\":0.25,\"2x2\":0.15}},"
                + "\"effect\":\"bit-flip\","
                + "\"memory\":{\"word\":32,\"rows\":256,\"wordsPerRow\":4,\"interleave\":true}}");
    assertThat(
            RecordedModel.of(models().get(10), Storage.DEFAULT, Optional.empty(), Optional.empty())
                .json())
        .isEqualTo(
            "{\"target\":{\"offsets\":{\"transient\":true,\"input\":true,\"brick\":8,"
                + "\"fullyConnected\":true}},\"pattern\":\"cell\",\"effect\":\"bit-flip\","
                + "\"memory\":{\"word\":32,\"rows\":256,\"wordsPerRow\":4,\"interleave\":true}}");
  }

  @Test
  void theMemoryOfWeightsGoesWithoutSaying() {
    var words = ALL.replace("{pattern: row, effect", "{target: weights, pattern: row, effect");
    assertThat(parse(words)).isEqualTo(parse(ALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1x1: 0.6 | 1x1: 0.5 | c.yaml:7:22: faults.models[1].pattern: the shares of cluster sum to 0.9, not to 1
          2x2: 0.15 | 17x2: 0.15 | c.yaml:7:22: faults.models[1].pattern: a shape of 17x2 cells is larger than an array of 16x64
          2x2: 0.15 | 2y2: 0.15 | c.yaml:7:63: faults.models[1].pattern.cluster.2y2: "2y2" is no shape; write rows and columns, such as 1x2: 0.25
          2x2: 0.15 | 2x2: many | c.yaml:7:63: faults.models[1].pattern.cluster.2x2: expected a number
          2x2: 0.15 | 2x2: -0.15 | c.yaml:7:63: faults.models[1].pattern.cluster.2x2: the share of 2×2 is -0.15; give one above 0
          pattern: row | pattern: rows | c.yaml:8:8: faults.models[2].pattern: unknown pattern "rows"; there are cell, row, column, array, {cluster: …}, {columns: …}
          pattern: row | pattern: cluster | c.yaml:8:8: faults.models[2].pattern: cluster needs its settings: write {cluster: …}
          pattern: row | 'pattern: {row: 2}' | c.yaml:8:8: faults.models[2].pattern: row has no settings: write row alone
          pattern: row | 'pattern: {}' | c.yaml:8:8: faults.models[2].pattern: expected one pattern
          effect: stuck-at-0 | effect: stuck | c.yaml:8:22: faults.models[2].effect: unknown effect "stuck"; there are bit-flip, stuck-at-0, stuck-at-1, stuck-at-random, stuck-open, {mixed: …}, {drift: …}
          ', effect: stuck-at-0' | '' | c.yaml:8:7: missing key "effect" in faults.models[2]
          shape: 0.5 | shape: 0 | c.yaml:9:20: faults.models[3].pattern: the shape of columns, 0.0, is outside 0.01
          shape: 0.5 | shapes: 0.5 | c.yaml:9:40: faults.models[3].pattern.columns.shapes: unknown key "shapes"; known keys here: shape
          bit-flip: .4 | bit-flip: .5 | c.yaml:10:8: faults.models[4].effect: the shares of mixed, 0.3 + 0.3 + 0.5, do not sum to 1
          levels: 2 | levels: 3 | c.yaml:11:33: faults.models[5].effect: a cell of drift holds 1, 2 or 4 bits, not 3
          levels: 2 | levels: two | c.yaml:11:50: faults.models[5].effect.drift.levels: expected a whole number
          gray: true | gray: 1 | c.yaml:11:61: faults.models[5].effect.drift.gray: expected true or false
          direction: either | direction: left | c.yaml:11:73: faults.models[5].effect.drift.direction: unknown direction "left"; there are up, down, either
          - bit-flip | - bitflip | c.yaml:6:7: faults.models[0]: unknown effect "bitflip"
          target: offsets | target: biases | c.yaml:15:23: faults.models[9].target: unknown target "biases"; there are weights, activations, offsets, {activations: …}, {offsets: …}
          target: offsets | 'target: {weights: {}}' | c.yaml:15:23: faults.models[9].target: weights has no settings: write weights alone
          brick: 8 | brick: 1 | c.yaml:16:8: faults.models[10].target: bricks of 1 values; faults of offsets are for bricks of 2 to 256
          brick: 8 | bricks: 8 | c.yaml:16:57: faults.models[10].target.offsets.bricks: unknown key "bricks"; known keys here: transient, input, fullyConnected, brick
          transient: true, input: true}}, effect | transient: 1, input: true}}, effect | c.yaml:14:31: faults.models[8].target.activations.transient: expected true or false
          'true}}, effect: stuck-at-1' | 'true}}, pattern: row, effect: stuck-at-1' | c.yaml:14:63: faults.models[8].pattern: transient faults of activations fall on single cells, not in the pattern row: use pattern cell, or permanent faults
          'true}}, effect: stuck-at-1' | 'true}}, effect: stuck-open' | c.yaml:14:63: faults.models[8].effect: stuck-open reads other cells of a memory of weights; activations cannot have it
          'offsets, effect: bit-flip' | 'offsets, effect: {drift: {levels: 2, direction: up}}' | c.yaml:15:40: faults.models[9].effect: drift: {levels: 2, gray: false, direction: up} is of cells of 2 bits; those of offsets hold one
          target: activations, pattern | 'name: stuck-at-0, target: activations, pattern' | c.yaml:13:8: faults.models[7].name: stuck-at-0 is stuck-at-0 of independent cells; choose another
          name: weak | name: upsets | c.yaml:9:7: faults.models[3]: a second model called upsets; give it a name
          name: weak | name: bit-flip | c.yaml:9:8: faults.models[3].name: bit-flip is bit-flip of independent cells; choose another
          name: weak | name: "a'b" | c.yaml:9:8: faults.models[3].name: "a'b": a name has
          rows: 16 | rows: 0 | c.yaml:18:10: memory.rows: 0 is outside 1…65536
          rows: 16 | 'word: 1024, rows: 65536' | c.yaml:18:22: memory.rows: an array of 65536 rows, 2 words of 1024 bits has more than 67108864 cells
          [0.0, 0.01] | 'bits' | c.yaml:17:3: faults.rates: expected
          [0.0, 0.01] | '{curve: a.csv}' | c.yaml:17:3: missing key "voltages" in faults.rates
          [0.0, 0.01] | '{curve: a.csv, voltages: [0]}' | c.yaml:17:36: faults.rates.voltages[0]: 0.0 is not above 0
          '  models:' | '  kinds: [bit-flip]\n  models:' | c.yaml:5:3: faults.kinds: needs either kinds or models
          """)
  void mistakesAreOneLine(String from, String to, String message) {
    String text = ALL.replace(from, to.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(ALL);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void jsonOfAnotherProgramIsRefused() {
    for (String json :
        List.of(
            "",
            "{}",
            "{\"pattern\":\"row\",\"effect\":\"bit-flip\"}",
            "{\"pattern\":\"java.lang.Runtime\",\"effect\":\"bit-flip\",\"memory\":{}}",
            "!!java.lang.Runtime {}")) {
      assertThatThrownBy(() -> RecordedModel.parse(json))
          .as(json)
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("\n");
    }
  }
}
