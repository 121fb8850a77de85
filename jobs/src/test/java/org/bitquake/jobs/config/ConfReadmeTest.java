package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.jobs.config.ConfigKeys.Entry;
import org.bitquake.train.KnownModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code conf/README.md} lists every key as it is, and its examples are sound. */
class ConfReadmeTest {
  private static final Path README = SchemaFilesTest.CONF.resolve("README.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example: (\\S+) -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);

  @Test
  void theTablesAreThoseOfTheRecords() throws IOException {
    String text = Files.readString(README);
    for (var kind : ConfigKind.values()) {
      text = replace(text, kind.toString(), table(kind));
    }
    Generated.compare(README, replace(text, "models", models()));
  }

  private static String replace(String text, String name, String table) {
    String start = Text.of("<!-- generated: %s -->\n", name);
    String end = "<!-- end -->";
    assertThat(text).as("%s has a place for %s", README, name).containsOnlyOnce(start);
    int from = text.indexOf(start) + start.length();
    return text.substring(0, from) + table + text.substring(text.indexOf(end, from));
  }

  private static String table(ConfigKind kind) {
    return "| key | meaning | values | left out |\n|---|---|---|---|\n"
        + kind.keys().stream().map(ConfReadmeTest::row).collect(Collectors.joining());
  }

  private static String row(Entry entry) {
    String unit = entry.key().unit().isEmpty() ? "" : " [" + entry.key().unit() + "]";
    String left = entry.leftOut().map(ConfReadmeTest::leftOut).orElse("must be given");
    return Text.of(
            "| `%s` | %s | %s%s | %s |%n",
            entry.path(), entry.key().value(), values(entry), unit, left)
        .replace(System.lineSeparator(), "\n");
  }

  private static String leftOut(String words) {
    return words.equals("{}") ? "the defaults below" : words;
  }

  private static String values(Entry entry) {
    Class<?> type = entry.type();
    String bounds = entry.bounds();
    boolean real = type == double.class || type == Double.class || type == ClipSource.class;
    boolean number = real || type.isPrimitive() || Number.class.isAssignableFrom(type);
    String what =
        type == boolean.class || type == Boolean.class
            ? "true, false"
            : number
                ? real ? "number" : "whole number"
                : Double.isFinite(entry.key().least())
                    ? "whole number"
                    : !bounds.isEmpty() ? "" : type == String.class ? "text" : "keys below";
    String both = bounds.isEmpty() || what.isEmpty() ? what + bounds : what + " " + bounds;
    both += type == ModelSource.class || type == ClipSource.class ? ", or keys below" : "";
    both +=
        type == ProtectionSource.class ? ", {harden: …}, {secded: …} and so on, or keys below" : "";
    return entry.list() ? "list of: " + both : both;
  }

  private static String models() {
    var rows =
        Arrays.stream(KnownModel.values())
            .flatMap(model -> Stream.of(false, true).map(goesOn -> row(model, goesOn)))
            .distinct();
    return "| model | `width` | `epochs` | `learningRate` | `stepLearningRate` | `weightDecay` | `augment` | `nesterov` |\n"
        + "|---|---|---|---|---|---|---|---|\n"
        + rows.collect(Collectors.joining());
  }

  private static String row(KnownModel model, boolean goesOn) {
    var it = model.defaults(goesOn);
    boolean same = it.equals(model.defaults(!goesOn));
    return Text.of(
        "| `%s`%s | %s | %d | %s | %s | %s | %s | %s |\n",
        model.label(),
        same ? "" : goesOn ? ", `from` another" : ", from random weights",
        model.standardWidth().isPresent() ? "" + model.standardWidth().getAsInt() : "–",
        it.epochs(),
        it.learningRate(),
        it.stepLearningRate(),
        it.weightDecay(),
        it.augment(),
        it.nesterov());
  }

  /**
   * An example of the page.
   *
   * @param kind whose heading it stands under
   */
  record Example(ConfigKind kind, String text) {}

  static List<Example> examples() throws IOException {
    return EXAMPLE
        .matcher(Files.readString(README))
        .results()
        .map(m -> new Example(ConfigKind.of(m.group(1)).orElseThrow(), m.group(2)))
        .toList();
  }

  @Test
  void everyKindHasAnExample() throws IOException {
    assertThat(examples()).extracting(Example::kind).contains(ConfigKind.values());
    assertThat(Files.readString(README).split("```yaml", -1)).hasSize(examples().size() + 1);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreSoundAndKeepToTheSchema(Example example) {
    var tree = new YamlTree(example.text(), "README.md").root();
    assertThat(SchemaFilesTest.schema(example.kind()).validate(tree)).isEmpty();
    Samples.read(example.kind(), tree);
  }
}
