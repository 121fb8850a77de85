package org.bitquake.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.FakeGrid;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.FakeStudy;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.figure.Panel;
import org.bitquake.jobs.store.TableStore;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final String HOSTILE = "<script>alert('1')</script>\"&']]>\u202E\uE000";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String html;
  private static Document page;
  private static Document grid;
  private static List<Report.FigureFile> figures;

  @BeforeAll
  static void write() throws IOException {
    spark = TestSpark.session();
    html = page("page.html", FakeResults.directory());
    page = Jsoup.parse(html);
    figures = written("grid.html", FakeGrid.directory());
    grid = Jsoup.parse(Files.readString(folder.resolve("grid.html")));
  }

  private static String page(String name, Path directory) throws IOException {
    written(name, directory);
    return Files.readString(folder.resolve(name));
  }

  private static List<Report.FigureFile> written(String name, Path directory) throws IOException {
    var output = Optional.of(folder.resolve(name).toString());
    return Report.write(spark, List.of(directory.toString()), output, false).figures();
  }

  @Test
  void hasAFigureForEverythingThatTheDirectoryHolds() {
    assertThat(page.select("h3").eachText())
        .containsExactly(
            "Accuracy under faults",
            "Differences between networks",
            "Accuracy, sparsity and latency side by side",
            "How bad a single chip can be",
            "Were there enough trials?",
            "Failed trials",
            "Single faults",
            "Cnvlutin: latency and sparsity",
            "Loss landscapes",
            "Sharpness",
            "Networks",
            "Provenance",
            "Sharpness against accuracy lost");
    // accuracy 3, differences 3, side by side 4, quantiles 1, convergence 3, single faults 2,
    // Cnvlutin 3, lines 2,
    // surfaces 2, sharpness 3
    assertThat(page.select(".panel > svg")).hasSize(26);
    assertThat(page.select(".panel > svg .target > title").eachText())
        .contains("fc1, bit 3: 40.00 % (39.00 to 41.00) of 1,000 faults")
        .anyMatch(tip -> tip.startsWith("standard minus AS, 5 %: -8.00 points (-9.00 to -7.00)"))
        .anyMatch(tip -> tip.startsWith("AS, α 1.00: 0.8500 ± "));
  }

  @Test
  void aGridOfSettingsHasMapsAndAFrontier() {
    assertThat(grid.select("h3").eachText())
        .containsSubsequence(
            "The paper's claims",
            "Sensitivity to λ, ρ and the quantiser",
            "Sparsity against fault tolerance",
            "Accuracy and sparsity side by side");
    assertThat(grid.select(".panel h4").eachText())
        .contains("lsq, bit flip", "lsq, stuck-at-0", "max, bit flip", "max, stuck-at-0");
    assertThat(titles(grid))
        .anyMatch(tip -> tip.matches("λ 3e-5, ρ 0\\.15, lsq: .* seeds: 2; SAQ adds [+-].* points"))
        .anyMatch(tip -> tip.matches("lsq-l.* zeros, .* clean .* %, on the frontier"));
    var families = List.of("no SAQ", "no SAQ, max", "ρ 0.15", "ρ 0.3", "ρ 0.3, max");
    assertThat(section(grid, "Accuracy under faults").select(".legend bdi").eachText())
        .isEqualTo(families);
    assertThat(section(grid, "Sparsity against").select(".legend bdi").eachText())
        .containsAll(families)
        .contains("frontier");
    assertThat(section(grid, "Luck in training").select("svg")).as("too many lines").isEmpty();
  }

  @Test
  void manyTrainingsOfFewMethodsAreDrawnAsMethods() throws IOException {
    var study = Jsoup.parse(page("study.html", FakeStudy.directory()));
    assertThat(study.select("h3").eachText())
        .contains("Differences between methods")
        .noneMatch(title -> title.startsWith("Sensitivity"));
    for (String title : List.of("Accuracy under faults", "Luck in training")) {
      assertThat(section(study, title).select(".legend bdi").eachText())
          .as(title)
          .containsExactly("standard", "λ 1e-4", "λ 1e-4, ρ 0.3", "ρ 0.3");
    }
    assertThat(titles(section(study, "Accuracy under faults")))
        .anyMatch(tip -> tip.startsWith("AS_SAQ-3, 5 %: "))
        .anyMatch(tip -> tip.startsWith("λ 1e-4, ρ 0.3, 5 %: "));
    assertThat(titles(section(study, "Differences")))
        .anyMatch(tip -> tip.startsWith("ρ 0.3 minus standard, 5 %: +16.00 points"));
  }

  @Test
  void aLegendShowsWhatIsDrawn() {
    Map.of(
            "Accuracy under faults", Panel.swatch("AS", 0),
            "Cnvlutin", Panel.bar("AS", 0),
            "Loss landscapes", Panel.line("AS", 0),
            "Sharpness against", Panel.marker("AS", 0))
        .forEach(
            (title, first) ->
                assertThat(section(page, title).selectFirst(".legend svg").outerHtml())
                    .as(title)
                    .isEqualTo(
                        Jsoup.parseBodyFragment(first.markup()).selectFirst("svg").outerHtml()));
  }

  @Test
  void everyCampaignOfAPageIsSetAgainstTheSharpnessOfItsNetworks() throws IOException {
    var copy = folder.resolve("copy");
    FileUtils.copyDirectory(FakeResults.directory().toFile(), copy.toFile());
    var output = folder.resolve("two.html").toString();
    var both = List.of(FakeResults.directory().toString(), copy.toString());
    Report.write(spark, both, Optional.of(output), false);

    var two = Jsoup.parse(Files.readString(Path.of(output)));
    assertThat(two.select("h3").eachText())
        .filteredOn(title -> title.startsWith("Sharpness against"))
        .hasSize(2)
        .allMatch(title -> title.matches("Sharpness against accuracy lost: \\S.*"));
  }

  private static Element section(Document page, String title) {
    return page.select("h3").stream()
        .filter(heading -> heading.text().startsWith(title))
        .findFirst()
        .orElseThrow()
        .parent();
  }

  private static List<String> titles(Element element) {
    return element.select(".target > title").eachText();
  }

  @Test
  void figuresAreFilesForPapersToo() throws IOException {
    assertThat(figures)
        .extracting(Report.FigureFile::stem)
        .containsExactlyInAnyOrder(
            "sensitivity",
            "sparsity-frontier",
            "accuracy-and-sparsity",
            "accuracy-curve",
            "highest-rate");
    for (var figure : figures) {
      var files = figure.sheet().files(figure.stem());
      assertThat(files).containsOnlyKeys(figure.stem() + ".svg", figure.stem() + ".png");
      var image = ImageIO.read(new ByteArrayInputStream(files.get(figure.stem() + ".png")));
      assertThat(image.getWidth()).as(figure.stem()).isGreaterThan(2000);
      String svg = new String(files.get(figure.stem() + ".svg"), UTF_8);
      assertThat(figure.sheet().files(figure.stem()).get(figure.stem() + ".svg"))
          .isEqualTo(files.get(figure.stem() + ".svg"));
      var drawn = Jsoup.parse(svg, "", Parser.xmlParser());
      assertThat(drawn.select("text").eachText())
          .containsAll(figure.sheet().panels().stream().map(Panel::title).toList())
          .containsAll(figure.sheet().legend().stream().map(Panel::title).toList());
    }
  }

  @Test
  void eachFigureShowsTheNotebookBehindIt() throws IOException {
    for (Element figure : page.select("figure")) {
      String command = figure.select("details > p > code").text();
      var notebook = Pattern.compile("--file notebooks/(\\S+\\.sql)$").matcher(command);
      assertThat(notebook.find()).as(command).isTrue();
      assertThat(figure.select("pre").last().wholeText())
          .isEqualTo(Files.readString(Path.of("..", "notebooks", notebook.group(1))));
      assertThat(figure.select("table tbody tr")).as(command).isNotEmpty();
    }
  }

  @Test
  void needsNothingBesidesAndLetsNothingElseIn() throws Exception {
    assertThat(page.select("[src], link, img, iframe, object, embed, form, base")).isEmpty();
    assertThat(page.select("[style]")).as("the policy forbids them").isEmpty();
    for (Element element : page.getAllElements()) {
      element.attributes().forEach(a -> assertThat(a.getKey()).doesNotStartWith("on"));
    }
    assertThat(page.select("[href]").eachAttr("href"))
        .allMatch(href -> href.startsWith("#") || href.startsWith("https://arxiv.org/abs/"));
    assertThat(html.replace("http://www.w3.org/", ""))
        .doesNotContain("http://")
        .doesNotContain("url(http", "@import");
    String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");
    assertThat(policy)
        .contains("default-src 'none'")
        .contains("style-src 'sha256-" + sha256(page.selectFirst("style").data()))
        .contains("script-src 'sha256-" + sha256(page.selectFirst("script").data()))
        .doesNotContain("unsafe");
    assertThat(page.select("script")).hasSize(1);
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    return Base64.getEncoder().encodeToString(digest) + "'";
  }

  @Test
  void canBeReadByEveryone() {
    assertThat(page.selectFirst("html").attr("lang")).isEqualTo("en");
    assertThat(page.select("h1")).hasSize(1);
    int before = 0;
    for (Element heading : page.select("h1, h2, h3, h4")) {
      int level = heading.tagName().charAt(1) - '0';
      assertThat(level).as(heading.text()).isLessThanOrEqualTo(before + 1);
      before = level;
    }
    for (Element svg : page.select(".panel > svg")) {
      assertThat(svg.attr("role")).isEqualTo("img");
      assertThat(svg.attr("aria-label")).isNotBlank();
      assertThat(svg.attr("viewBox")).matches("0 0 \\d+ \\d+");
    }
    for (Element table : page.select("table")) {
      assertThat(table.selectFirst("caption").text()).isNotBlank();
      assertThat(table.select("thead th[scope=col] > button")).isNotEmpty();
      assertThat(table.select("thead th:not([scope])")).isEmpty();
    }
  }

  @Test
  void identifiersAreUniqueAndReferencesLeadSomewhere() {
    List<String> ids = page.select("[id]").eachAttr("id");
    assertThat(ids).doesNotHaveDuplicates();
    List<String> references = new ArrayList<>();
    Pattern.compile("url\\(#([^)]+)\\)|href=\"#([^\"]+)\"")
        .matcher(html)
        .results()
        .forEach(r -> references.add(r.group(1) == null ? r.group(2) : r.group(1)));
    assertThat(references).isNotEmpty();
    assertThat(ids).containsAll(references);
  }

  /** Only the maps' own scales keep their colours on a dark page. */
  @Test
  void figuresAreInTheColoursOfThePage() {
    var accuracy = page.selectFirst(".panel > svg").outerHtml();
    assertThat(accuracy)
        .contains("var(--ink)", "var(--card)", "var(--grid)", "var(--c0)", "var(--c1)");
    assertThat(accuracy).doesNotContain("rgb(", "\"white\"", "\"black\"");
  }

  @Test
  void theSameTablesGiveTheSameBytesInThePlaceOfTheOldPage() throws IOException {
    assertThat(page("page.html", FakeResults.directory())).isEqualTo(html);
  }

  @Test
  void hostileNamesAreTextEverywhere() throws IOException {
    Path directory = folder.resolve("hostile");
    var store = new TableStore(directory.toString(), new Configuration());
    var source = new TableStore(FakeResults.directory().toString(), new Configuration());
    for (String table :
        List.of("cells", "networks", "landscape", "single_fault_rates", "cnvlutin_layers")) {
      var rows =
          source
              .read(spark, table)
              .withColumn(
                  "network", concat(lit(HOSTILE), org.apache.spark.sql.functions.col("network")));
      store.commit(table, "all", rows, Map.of());
    }
    var marker =
        Map.of(
            "name", HOSTILE,
            "identity",
                Map.of(
                    "seed",
                    HOSTILE,
                    "networks",
                    List.of(Map.of("name", HOSTILE, "contentHash", HOSTILE))),
            "origin",
                Map.of(
                    "config",
                    HOSTILE,
                    "text",
                    HOSTILE,
                    "networks",
                    List.of("mine.qnn.npz", HOSTILE),
                    "software",
                    Map.of(HOSTILE, HOSTILE)));
    Files.write(
        directory.resolve("campaign.json"), JsonMapper.builder().build().writeValueAsBytes(marker));

    String text = page("hostile.html", directory);

    var hostile = Jsoup.parse(text);
    assertThat(text).doesNotContain("\u202E", "\uE000");
    assertThat(hostile.select("script")).hasSize(1);
    assertThat(hostile.select("alert, svg script")).isEmpty();
    String shown = "<script>alert('1')</script>\"&']]>⟨U+202E⟩⟨U+E000⟩";
    assertThat(hostile.select("h1 bdi").text()).isEqualTo(shown);
    assertThat(hostile.select(".legend bdi").eachText()).contains(shown + "AS");
    assertThat(hostile.select(".target > title").eachText())
        .anyMatch(t -> t.startsWith(shown + "AS"));
    assertThat(hostile.select(".panel > svg").eachAttr("aria-label"))
        .anyMatch(t -> t.contains(shown));
    assertThat(hostile.select(".provenance pre").eachText())
        .contains(shown)
        .anyMatch(
            t ->
                t.startsWith("submit/bitquake campaign '<script>alert('\\''1'\\'')</script>")
                    && t.contains(" --network mine.qnn.npz --network '<script>alert('\\''1'")
                    && t.endsWith("'"));
    assertThat(hostile.select(".panel > svg")).hasSize(3 + 2 + 3 + 2 + 2);
  }

  @Test
  void leavesAloneWhatIsNoReport() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.html"), "<!DOCTYPE html><p>mine");
    var directories = List.of(FakeResults.directory().toString());
    var output = Optional.of(file.toString());
    assertThatThrownBy(() -> Report.write(spark, directories, output, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("mine.html: is there and no report of bitquake");
    assertThat(file).hasContent("<!DOCTYPE html><p>mine");

    Report.write(spark, directories, output, true);
    assertThat(Files.readString(file)).isEqualTo(html);
  }

  @Test
  void aDirectoryWithoutTablesIsOneLine() {
    assertThatThrownBy(
            () -> Report.write(spark, List.of(folder.toString()), Optional.empty(), false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no result tables here");
  }

  @Test
  void aPageIsCurrentWhileItIsOfTheseTables() throws IOException {
    String directory = FakeResults.directory().toString();
    var hadoop = new Configuration();
    assertThat(Report.current(hadoop, directory)).isEmpty();
    Path file = Path.of(Report.keep(spark, directory).orElseThrow().page().toUri());
    assertThat(file).isEqualTo(FakeResults.directory().resolve("report.html").toAbsolutePath());
    assertThat(Report.current(hadoop, directory).orElseThrow().page().toUri().getPath())
        .isEqualTo(file.toString());

    String print = page.select("meta[name=fingerprint]").attr("content");
    Files.writeString(file, html.replace(print, "other"));
    assertThat(Report.current(hadoop, directory)).isEmpty();
    Report.keep(spark, directory);
    assertThat(Files.readString(file)).isEqualTo(html);

    Files.writeString(file, "notes");
    assertThat(Report.current(hadoop, directory)).isEmpty();
    assertThat(Report.keep(spark, directory)).isEmpty();
    assertThat(Files.readString(file)).isEqualTo("notes");
    Files.delete(file);
  }
}
