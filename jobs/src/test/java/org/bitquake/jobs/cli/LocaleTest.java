package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.campaign.SmallWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the user's language, the same is written: digits of its own (Arabic, Devanagari),
 * letters that change case in another way and a comma for the point (Turkish).
 */
class LocaleTest {
  private static final Locale BEFORE = Locale.getDefault();
  private static final String ROWS = "TABLE trials ORDER BY network, kind, rate, trial";

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path results;
  private static List<String> said;

  @BeforeAll
  static void withoutALanguage() throws IOException {
    Locale.setDefault(Locale.ROOT);
    try {
      world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
      results = campaign("results");
      said = everything();
    } finally {
      Locale.setDefault(BEFORE);
    }
  }

  @AfterEach
  void restore() {
    Locale.setDefault(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "tr-TR-u-nu-deva"})
  void theSameIsWritten(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));

    Path again = campaign(language);

    assertThat(run("sql", "-r", again.toString(), "--format", "csv", ROWS))
        .isEqualTo(run("sql", "-r", results.toString(), "--format", "csv", ROWS));
    assertThat(everything()).containsExactlyElementsOf(said);
    assertThat(run("plan", world.config(SmallWorld.CONFIG), "--seconds=0.1", "--single-fault"))
        .contains("Plan of campaign small")
        .satisfies(LocaleTest::assertCommonDigits); // measured times are never the same
  }

  @Test
  void digitsAndLineEndsAreThoseOfEveryMachine() {
    assertThat(said)
        .allSatisfy(text -> assertThat(text).isNotBlank().doesNotContain("\r"))
        .allSatisfy(LocaleTest::assertCommonDigits);
  }

  private static void assertCommonDigits(String text) {
    assertThat(text.chars()).noneMatch(c -> Character.isDigit(c) && c > '9');
  }

  private static Path campaign(String name) {
    Path output = temp.resolve(name);
    assertThat(world.run(SmallWorld.CONFIG, output, Engines::prepare)).isZero();
    return output;
  }

  /** What commands print about the campaign without a language, and what they leave. */
  private static List<String> everything() throws IOException {
    String small = results.toString();
    String full = FakeResults.directory().toString();
    String data = world.directory().resolve("data").toString();
    List<String> texts = new ArrayList<>();
    for (String format : List.of("table", "csv", "json", "markdown")) {
      texts.add(run("sql", "-r", small, "--format", format, "TABLE cells"));
    }
    for (String format : List.of("table", "csv")) {
      texts.add(
          run(
              "replay",
              "-r",
              small,
              "--network=a",
              "--kind=bit-flip",
              "--rate=0.05",
              "--trial=3",
              "--data=" + data,
              "--format=" + format));
    }
    texts.add(run("inspect", small));
    texts.add(
        run("inspect", world.directory().resolve("wide.qnn.npz").toString(), "--no-accuracy"));
    texts.add(run("verify", small, "--data", data));
    texts.add(run("--help"));
    Path page = temp.resolve("page.html");
    texts.add(run("report", full, "-o", page.toString()));
    texts.add(Files.readString(page));
    texts.add(Files.readString(FakeResults.directory().resolve("figures/accuracy.svg")));
    return texts;
  }

  private static String run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    assertThat(code).as("%s: %s", String.join(" ", args), err).isZero();
    return out.toString();
  }
}
