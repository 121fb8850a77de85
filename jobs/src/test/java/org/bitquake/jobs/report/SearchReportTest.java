package org.bitquake.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bitquake.jobs.FakeSearch;
import org.bitquake.jobs.TestSpark;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a search for protections. */
class SearchReportTest {
  @TempDir static Path folder;
  private static Document page;
  private static List<Report.FigureFile> figures;

  @BeforeAll
  static void write() throws IOException {
    figures = written("page.html", FakeSearch.directory());
    page = read("page.html");
  }

  private static List<Report.FigureFile> written(String name, Path directory) throws IOException {
    var output = Optional.of(folder.resolve(name).toString());
    return Report.write(TestSpark.session(), List.of(directory.toString()), output, false)
        .figures();
  }

  private static Document read(String name) throws IOException {
    return Jsoup.parse(Files.readString(folder.resolve(name)));
  }

  private static Element section(Document of, int number) {
    return of.getElementById("s" + number);
  }

  @Test
  void saysWhatWasFoundAndWhatIsBehindIt() {
    assertThat(page.select("h1").text()).isEqualTo("bitquake report: fake search");
    assertThat(page.select("h2 .job").text()).isEqualTo("protect");
    assertThat(page.select("h3").eachText())
        .containsExactly(
            "What the cheapest protection is",
            "What is worth protecting",
            "Networks",
            "Provenance");
    assertThat(section(page, 1).select("figure > details > p code").eachText())
        .anyMatch(command -> command.endsWith("--file notebooks/protect-winners.sql"))
        .anyMatch(command -> command.endsWith("--file notebooks/protect.sql"));
  }

  @Test
  void theLeadNamesTheWinnerItsPriceAndThatOfAllLayersAlike() {
    assertThat(section(page, 1).select(".lead").text())
        .startsWith("1 of 3 networks keep their targets: AS, for 4 % more area.")
        .contains("With 95 % confidence", "harden all:1 for 16.5 % more area (AS).");
  }

  /** Too few fresh trials and too little to choose from ask for different things. */
  @Test
  void aTargetThatIsNotReachedSaysHowFarItCameAndWhatToDo() {
    assertThat(section(page, 1).select(".lead").text())
        .contains(
            "Not reached: 88.00 % in lucky. The most accurate, harden all:1 in gray, keeps 88.40 %"
                + " for 16.5 % more area; fresh trials did not confirm the target: allow more of"
                + " them (trials.confirm).")
        .contains(
            "Not reached: 89.00 % in standard. The most accurate, secded-32 all in gray, keeps"
                + " 80.00 % for 22 % more area; allow more techniques or area, or ask for less.");
  }

  @Test
  void everyDesignIsDrawnOnceOrOnTheFrontierToo() {
    var panels = section(page, 1).select(".panel");
    assertThat(panels.select("h4").eachText()).containsExactlyElementsOf(FakeSearch.NETWORKS);
    var tips = panels.get(0).select(".target > title").eachText();
    assertThat(tips)
        .contains(
            "no protection: 75.00 %",
            "target: 86.00 %",
            "harden conv1:1 in gray, 1 % more area: 83.00 ± 0.40 %",
            "harden fc1:1 in gray, 3 % more area: 82.00 ± 0.40 %",
            "secded-32 all in gray, 22 % more area: 76.00 ± 0.40 %",
            FakeSearch.WINNER
                + " in gray, 4 % more area: 86.30 % in fresh trials, at least 86.10 %")
        .noneMatch(tip -> tip.contains("only") || tip.startsWith("none"));
    assertThat(tips).filteredOn(tip -> tip.startsWith("harden fc1:1")).hasSize(1);
    assertThat(panels.get(2).select(".target > title").eachText())
        .as("no winner")
        .noneMatch(tip -> tip.contains("fresh"));
  }

  @Test
  void harmIsAMapInTheEncodingOfTheProtection() {
    var harm = section(page, 2);
    assertThat(harm.select(".lead").text())
        .isEqualTo(
            "Most is lost where bit 1 of conv1 in AS fails and nothing else does: 5.0 points.");
    assertThat(harm.select(".panel h4").eachText())
        .containsExactly("AS, gray", "lucky, gray", "standard, gray");
    assertThat(harm.select(".panel").get(0).select(".target > title").eachText())
        .containsExactlyInAnyOrder(
            "conv1, bit 0: -0.10 ± 0.40 points",
            "conv1, bit 1: 5.00 ± 0.40 points",
            "fc1, bit 0: 2.00 ± 0.40 points");
  }

  @Test
  void figuresAreFilesNamedAfterTheirQuestions() throws IOException {
    assertThat(figures)
        .extracting(Report.FigureFile::stem)
        .containsExactly("protect", "protect-harm");
    for (var figure : figures) {
      assertThat(figure.sheet().files(figure.stem()))
          .containsOnlyKeys(figure.stem() + ".svg", figure.stem() + ".png");
    }
  }

  @Test
  void aNetworkThatNeedsNoProtectionIsSaidToNeedNone() throws IOException {
    Path directory = folder.resolve("needless");
    FakeSearch.writeNeedless(directory);
    written("needless.html", directory);
    assertThat(section(read("needless.html"), 1).select(".lead").text())
        .startsWith("AS keeps its 74.00 % without a protection, codes in gray.");
  }
}
