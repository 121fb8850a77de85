package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  record Inner(List<Double> rates, Optional<Boolean> fast) {}

  record Outer(String name, int count, long seed, Inner inner, Optional<String> note) {}

  private static final String GOOD =
      """
      name: a
      count: 3
      seed: 9000000000
      inner:
        rates: [0, 1e-3, .5]
      """;

  @Test
  void fillsRecordsAndLeavesOptionalsEmpty() {
    assertThat(Yaml.parse(GOOD, "f.yaml", Outer.class))
        .isEqualTo(
            new Outer(
                "a",
                3,
                9_000_000_000L,
                new Inner(List.of(0.0, 1e-3, 0.5), Optional.empty()),
                Optional.empty()));
  }

  @Test
  void plainWordsOfYaml11AreText() {
    var outer = Yaml.parse(GOOD.replace("name: a", "name: yes\nnote: 1:30"), "f", Outer.class);
    assertThat(outer.name()).isEqualTo("yes");
    assertThat(outer.note()).contains("1:30");
  }

  /** Each row: what to replace, by what ("\n" stands for a new line), and the message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rates: | rats: | f.yaml:5:3: unknown key "rats" in inner; known keys here: rates, fast
          name: a | nam: a | f.yaml:1:1: unknown key "nam"; known keys here: name, count, seed, inner, note
          count: 3\\n | '' | f.yaml:1:1: missing key "count"
          rates: [0, 1e-3, .5] | fast: true | f.yaml:4:1: missing key "rates" in inner
          count: 3 | count: 3\\ncount: 4 | f.yaml:3:1: the key "count" is here twice
          count: 3 | count: three | f.yaml:2:1: count: expected a whole number below 2^31
          count: 3 | count: "3" | f.yaml:2:1: count: expected a whole number below 2^31
          count: 3 | count: 010 | f.yaml:2:1: count: expected a whole number below 2^31
          count: 3 | count: 3.5 | f.yaml:2:1: count:
          count: 3 | count: 3000000000 | f.yaml:2:1: count:
          count: 3 | count: true | f.yaml:2:1: count: expected a whole number below 2^31
          count: 3 | count: | f.yaml:2:1: count:
          count: 3 | count: [3] | f.yaml:2:1: count: expected a whole number below 2^31
          name: a | name: 5 | f.yaml:1:1: name: expected text
          name: a | name: true | f.yaml:1:1: name: expected text
          1e-3 | yes | f.yaml:5:14: inner.rates[1]: expected a number
          1e-3 | null | f.yaml:5:14: inner.rates[1]:
          [0, 1e-3, .5] | 0.1 | f.yaml:5:3: inner.rates: expected a list
          name: a | name: &x a | f.yaml:1:7: anchors
          name: a | name: !!java.io.File a | f.yaml:1:7: tags
          name: a | name: {a: b | f.yaml:2:
          name: a | [a]: b | f.yaml:1:1: a key must be plain text
          """)
  void saysWhereAndWhatIsWrong(String from, String to, String message) {
    String text = GOOD.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> Yaml.parse(text, "f.yaml", Outer.class))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | f: the file is empty
          '# only a comment' | f: the file is empty
          [1] | f:1:1: expected keys and values
          'a: 1\n---\nb: 2' | f:2:1: a second document begins here
          """)
  void refusesWhatIsNotOneMapping(String text, String message) {
    assertThatThrownBy(() -> Yaml.parse(text.replace("\\n", "\n"), "f", Outer.class))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> Yaml.parse("a: " + "[".repeat(5000), "f", Outer.class))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nested deeper than 32");
  }

  @Test
  void readsFilesAndNamesMissingOnes(@TempDir Path dir) throws Exception {
    var file = dir.resolve("x.yaml");
    var conf = new Configuration();
    assertThatThrownBy(() -> Yaml.read(file.toString(), conf, Outer.class))
        .hasMessage(file + ": no such file");
    assertThatThrownBy(() -> Yaml.read(dir.toString(), conf, Outer.class))
        .hasMessage(dir + ": a directory; name a YAML file");
    Files.writeString(file, GOOD);
    assertThat(Yaml.read(file.toString(), conf, Outer.class).name()).isEqualTo("a");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
    assertThatThrownBy(() -> Yaml.read(file.toString(), conf, Outer.class))
        .hasMessage(file + ": not UTF-8 text");
    Files.write(file, new byte[2 << 20]);
    assertThatThrownBy(() -> Yaml.read(file.toString(), conf, Outer.class))
        .hasMessageContaining("longer than 1 MiB");
  }
}
