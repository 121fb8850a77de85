package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import org.bitquake.InputException;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Part.Remap;
import org.bitquake.protect.Part.Remap.By;
import org.bitquake.protect.Protection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protections as files write them, and as tables do. */
class ProtectionSourceTest {
  private static final String MODEL =
      "{\"pattern\":\"cell\",\"effect\":\"stuck-at-1\","
          + "\"memory\":{\"word\":32,\"rows\":256,\"wordsPerRow\":4,\"interleave\":true},"
          + "\"protection\":";

  private static Protection parse(String protection) {
    return RecordedModel.parse(MODEL + protection + "}").protection().orElseThrow().protection();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "remap" | remap | {"remap":{}}
          {"remap":{}} | remap | {"remap":{}}
          {"remap":{"by":"weight"}} | remap | {"remap":{}}
          {"remap":{"layers":["fc1"]}} | remap-fc1 | {"remap":{"layers":["fc1"]}}
          {"remap":{"by":"column"}} | remap-column | {"remap":{"by":"column"}}
          {"remap":{"layers":["fc1"],"by":"both"}} | remap-both-fc1 | {"remap":{"by":"both","layers":["fc1"]}}
          "parity" | parity-32 | {"parity":{"word":32,"onError":"zero"}}
          {"harden":{"bits":[3]}} | harden-b3 | {"harden":{"bits":[3],"areaFactor":1.33}}
          """)
  void areRecordedInTheSameWords(String written, String name, String part) {
    var protection = parse(written);
    assertThat(protection.name()).isEqualTo(name);
    String json =
        RecordedModel.of(
                FaultModel.of(FaultKind.STUCK_AT_1),
                Storage.DEFAULT,
                Optional.empty(),
                Optional.of(protection))
            .json();
    assertThat(json).isEqualTo(MODEL + "{\"name\":\"" + name + "\",\"parts\":[" + part + "]}}");
    assertThat(RecordedModel.parse(json).protection().orElseThrow().protection())
        .isEqualTo(protection);
  }

  @Test
  void remapIsByWeightUnlessItSaysOtherwise() {
    assertThat(parse("\"remap\"").parts()).containsExactly(new Remap(Set.of(), By.WEIGHT));
    assertThat(parse("{\"remap\":{\"by\":\"column\"}}").parts())
        .containsExactly(new Remap(Set.of(), By.COLUMN));
    assertThat(parse("{\"remap\":{\"by\":\"both\",\"layers\":[\"fc1\"]}}").parts())
        .containsExactly(new Remap(Set.of("fc1"), By.BOTH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"remap":{"by":"row"}} | remap.by: by is "row"; there are weight, column and both
          {"remap":{"by":1}} | remap.by: expected text
          {"remap":{"bits":[3]}} | unknown key "bits"; known keys here: by, layers
          {"secded":{"onError":"drop"}} | secded.onError: on-error is "drop"; there are zero and keep
          """)
  void whatIsNoneIsSaidInALine(String written, String message) {
    assertThatThrownBy(() -> parse(written))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
