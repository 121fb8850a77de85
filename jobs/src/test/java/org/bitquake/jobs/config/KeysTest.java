package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.config.ConfigKeys.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is declared of each key is what records demand, and what the schemas say. */
class KeysTest {
  /** What only the files that a configuration names can tell; the jobs' tests look at these. */
  private static final Set<String> CHECKED_LATER =
      Set.of("faults.bits", "faults.layers", "data.name", "data.split");

  /** The samples have these, and not the other key or value that may stand in their place. */
  private static final Set<String> ONE_OF_TWO =
      Set.of(
          "trials.until",
          "data.name",
          "faults.kinds",
          "faults.models",
          "faults.models[].effect",
          "faults.rates",
          "target.loss");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * A value of a key.
   *
   * @param sound whether it is allowed
   */
  record Case(ConfigKind kind, Entry entry, JsonNode value, boolean sound) {
    @Override
    public String toString() {
      return Text.of("%s %s: %s is %s", kind, entry.path(), value, sound ? "sound" : "wrong");
    }
  }

  static Stream<Case> cases() {
    return Arrays.stream(ConfigKind.values())
        .flatMap(kind -> kind.keys().stream().flatMap(entry -> cases(kind, entry).stream()));
  }

  private static List<Case> cases(ConfigKind kind, Entry entry) {
    List<Case> cases = new ArrayList<>();
    var key = entry.key();
    for (String word : entry.allowed()) {
      cases.add(new Case(kind, entry, NODES.textNode(word), true));
    }
    if (!entry.allowed().isEmpty()) {
      cases.add(new Case(kind, entry, NODES.textNode("nonsense"), false));
    }
    if (Double.isFinite(key.least())) {
      cases.add(new Case(kind, entry, number(entry, key.least()), true));
      cases.add(new Case(kind, entry, below(entry, key.least()), false));
    }
    if (Double.isFinite(key.above())) {
      cases.add(new Case(kind, entry, number(entry, key.above()), false));
      cases.add(new Case(kind, entry, NODES.numberNode(key.above() + 1e-6), true));
    }
    if (Double.isFinite(key.most())) {
      cases.add(new Case(kind, entry, number(entry, key.most()), true));
      cases.add(new Case(kind, entry, above(entry, key.most()), false));
    }
    if (Double.isFinite(key.below())) {
      cases.add(new Case(kind, entry, number(entry, key.below()), false));
      cases.add(new Case(kind, entry, NODES.numberNode(key.below() - 1e-6), true));
    }
    if (key.odd()) {
      cases.add(new Case(kind, entry, number(entry, key.least() + 1), false));
    }
    if (!entry.type().isRecord()) {
      cases.add(new Case(kind, entry, NODES.objectNode(), false));
    }
    return cases;
  }

  private static boolean real(Entry entry) {
    return entry.type() == double.class || entry.type() == Double.class;
  }

  private static JsonNode number(Entry entry, double value) {
    return real(entry) ? NODES.numberNode(value) : NODES.numberNode((long) value);
  }

  private static JsonNode below(Entry entry, double value) {
    return number(entry, real(entry) ? value - 1e-6 : value - 1);
  }

  private static JsonNode above(Entry entry, double value) {
    return number(entry, real(entry) ? Math.nextUp(value) : value + 1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recordsAndSchemasTakeJustWhatIsDeclared(Case it) {
    var sample = Samples.with(it.kind(), it.entry(), Samples.value(it.entry(), it.value()));
    assertThat(schema(it.kind()).validate(sample).isEmpty()).as("schema").isEqualTo(it.sound());
    if (CHECKED_LATER.contains(it.entry().path()) && !it.value().isObject()) {
      return;
    }
    if (it.sound()) {
      assertThatCode(() -> Samples.read(it.kind(), sample)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> Samples.read(it.kind(), sample)).isInstanceOf(InputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSampleIsSoundAndLacksNoSection(ConfigKind kind) {
    Samples.read(kind, Samples.of(kind));
    assertThat(schema(kind).validate(Samples.of(kind))).isEmpty();
    for (var entry : kind.keys()) {
      assertThat(Samples.parent(Samples.of(kind, entry), entry.path()))
          .as(entry.path())
          .isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void justTheKeysWithoutADefaultAreMissed(ConfigKind kind) {
    for (var entry : kind.keys()) {
      var sample = Samples.of(kind, entry);
      Samples.parent(sample, entry.path()).remove(Samples.last(entry.path()));
      if (entry.required()) {
        assertThatThrownBy(() -> Samples.read(kind, sample))
            .as(entry.path())
            .hasMessageContaining(Text.of("missing key \"%s\"", Samples.last(entry.path())));
        assertThat(schema(kind).validate(sample)).as(entry.path()).isNotEmpty();
      } else if (!ONE_OF_TWO.contains(entry.path())) {
        assertThatCode(() -> Samples.read(kind, sample))
            .as(entry.path())
            .doesNotThrowAnyException();
        assertThat(schema(kind).validate(sample)).as(entry.path()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDefaultIsAsIfItWereWritten(ConfigKind kind) {
    for (var entry : kind.keys()) {
      if (!entry.key().byDefault().isEmpty()) {
        var without = Samples.of(kind, entry);
        Samples.parent(without, entry.path()).remove(Samples.last(entry.path()));
        var value = new YamlTree(entry.key().byDefault(), "default").root();
        var with = Samples.with(kind, entry, value);
        assertThat(Samples.read(kind, with))
            .as(entry.path())
            .isEqualTo(Samples.read(kind, without));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMisspeltKeyIsNamedAlsoWhereTheRightOneHasADefault(ConfigKind kind) {
    for (var entry : kind.keys()) {
      var sample = Samples.of(kind, entry);
      Samples.parent(sample, entry.path()).put(Samples.last(entry.path()) + "s", 1);
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .as(entry.path())
          .hasMessageContaining(Text.of("unknown key \"%ss\"", Samples.last(entry.path())));
      assertThat(schema(kind).validate(sample)).as(entry.path()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftOutIsExplained(ConfigKind kind) {
    for (var entry : kind.keys()) {
      assertThat(entry.key().value()).as(entry.path()).isNotBlank().doesNotEndWith(".");
      entry.leftOut().ifPresent(words -> assertThat(words).as(entry.path()).isNotBlank());
    }
  }

  @Test
  void schemasKnowWhichKeysExcludeEachOther() {
    var both = Samples.of(ConfigKind.CAMPAIGN);
    Samples.parent(both, "trials.perCell").put("perCell", 5);
    assertThat(schema(ConfigKind.CAMPAIGN).validate(both)).isNotEmpty();
    for (var kind : List.of(ConfigKind.CAMPAIGN, ConfigKind.CNVLUTIN)) {
      var faults = Samples.of(kind);
      Samples.parent(faults, "faults.models").putArray("models").add("stuck-open");
      assertThat(schema(kind).validate(faults)).isNotEmpty();
      Samples.parent(faults, "faults.kinds").remove("kinds");
      assertThat(schema(kind).validate(faults)).isEmpty();
      Samples.parent(faults, "faults.models").remove("models");
      assertThat(schema(kind).validate(faults)).isNotEmpty();
    }
    var none = Samples.of(ConfigKind.LANDSCAPE);
    none.remove(List.of("lines", "surface", "sharpness"));
    assertThat(schema(ConfigKind.LANDSCAPE).validate(none)).isNotEmpty();
  }

  /** Measured chips say what their cells read, and how often. */
  @Test
  void onlyProfilesDoWithoutEffectAndRates() {
    for (var kind : List.of(ConfigKind.CAMPAIGN, ConfigKind.CNVLUTIN)) {
      var sample = Samples.of(kind);
      var faults = Samples.parent(sample, "faults.rates");
      faults.remove(List.of("kinds", "rates"));
      var model = faults.putArray("models").addObject().put("name", "chips");
      model.putObject("pattern").putArray("profile").add("a.csv").add("folder/b 2.parquet");
      assertThat(schema(kind).validate(sample)).isEmpty();
      Samples.read(kind, sample);
      model.put("effect", "bit-flip");
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("faults.models[0].effect: the chips of profile say what");
      model.put("pattern", "row");
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("missing key \"rates\" in faults");
      model.remove("effect");
      assertThat(schema(kind).validate(sample)).isNotEmpty();
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("missing key \"effect\" in faults.models[0]");
      faults.remove("models");
      faults.putArray("kinds").add("bit-flip");
      assertThat(schema(kind).validate(sample)).isNotEmpty();
    }
  }

  @Test
  void dataHaveEitherANameOrAPath() {
    for (var kind : ConfigKind.values()) {
      var sample = Samples.of(kind);
      Samples.parent(sample, "data.path").put("path", "pictures");
      assertThat(schema(kind).validate(sample)).isNotEmpty();
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("data.path: it and name exclude each other");
      sample.putObject("data");
      assertThat(schema(kind).validate(sample)).isNotEmpty();
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("data.name: is missing, and so is path");
      sample.putObject("data").put("path", "pictures").put("resize", "96x128").put("crop", 90);
      assertThat(schema(kind).validate(sample)).isEmpty();
      Samples.read(kind, sample);
      sample.putObject("data").put("path", "pictures").put("resize", "96×128");
      assertThat(schema(kind).validate(sample)).isNotEmpty();
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("data.resize: \"96×128\" is no size; write 96, or 96x128");
      sample.putObject("data").put("path", "pictures").put("directory", "data");
      assertThatThrownBy(() -> Samples.read(kind, sample))
          .hasMessageContaining("data.directory: goes with name only");
    }
  }

  @Test
  void bothFormsOfANetworkAreSound() {
    var sample = Samples.of(ConfigKind.CAMPAIGN);
    sample.putArray("networks").add("a.qnn.npz").addObject().put("file", "b.qnn.npz");
    assertThat(schema(ConfigKind.CAMPAIGN).validate(sample)).isEmpty();
    sample.putArray("networks").add(1);
    assertThat(schema(ConfigKind.CAMPAIGN).validate(sample)).isNotEmpty();
  }

  private static JsonSchema schema(ConfigKind kind) {
    return SchemaFilesTest.schema(kind);
  }
}
