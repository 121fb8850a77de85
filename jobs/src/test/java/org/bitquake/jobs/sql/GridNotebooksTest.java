package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.bitquake.Text;
import org.bitquake.jobs.FakeGrid;
import org.bitquake.jobs.FakeGrid.Cell;
import org.bitquake.jobs.FakeGrid.Its;
import org.bitquake.jobs.FakeStudy;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Test;

/** The questions to networks of several λ, ρ and quantisers, against plain loops over them. */
class GridNotebooksTest {
  private static final Offset<Double> ROUNDED = within(0.0051);
  private static final SqlSession GRID =
      SqlSession.open(TestSpark.session(), FakeGrid.directory().toString());

  private static List<Row> rows(String notebook) throws IOException {
    String sql = Files.readString(Path.of("..", "notebooks", notebook));
    return GRID.query(Statements.split(sql).get(0)).collectAsList();
  }

  private static double number(Row row, String column) {
    return ((Number) row.getAs(column)).doubleValue();
  }

  /** Student's t with one degree of freedom is Cauchy's distribution. */
  private static double t(double p) {
    return Math.tan(Math.PI * (p - 0.5));
  }

  /** Of two values, or of more or fewer not at all. */
  private static double half(List<Double> two, double p) {
    assertThat(two).hasSize(2);
    return t(p) * Math.abs(two.get(0) - two.get(1)) / 2; // sd / √2
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static List<Cell> found(
      String quantizer, double lambda, double rho, String kind, double percent) {
    return FakeGrid.cells().stream()
        .filter(c -> c.network().quantizer().equals(quantizer))
        .filter(c -> c.network().lambda() == lambda && c.network().rho() == rho)
        .filter(c -> c.kind().equals(kind) && Math.abs(100 * c.rate() - percent) < 1e-9)
        .toList();
  }

  private static Optional<Cell> twin(Cell cell, double lambda, double rho) {
    return found(cell.network().quantizer(), lambda, rho, cell.kind(), Math.rint(100 * cell.rate()))
        .stream()
        .filter(c -> c.network().seed() == cell.network().seed())
        .findAny();
  }

  @Test
  void sensitivityHasEachSettingWithItsMeanItsIntervalAndWhatSaqAdds() throws IOException {
    var rows = rows("sensitivity.sql");
    assertThat(rows).hasSize((4 * 3 + 2) * FakeGrid.KINDS.size() * FakeGrid.RATES.size());
    int ofTrials = 0;
    for (Row row : rows) {
      double rho = number(row, "rho");
      var its =
          found(
              row.getAs("quantizer"),
              number(row, "lambda"),
              rho,
              row.getAs("kind"),
              number(row, "percent_faulty"));
      var accuracies = its.stream().map(c -> 100 * c.accuracy()).toList();
      boolean alone = its.size() == 1;
      double half = alone ? 100 * FakeStudy.HALF_WIDTH : half(accuracies, 0.975);
      assertThat(number(row, "seeds")).isEqualTo(its.size());
      assertThat(number(row, "clean"))
          .isEqualTo(mean(its.stream().map(c -> 100 * c.network().clean()).toList()), ROUNDED);
      assertThat(number(row, "accuracy")).isEqualTo(mean(accuracies), ROUNDED);
      assertThat(number(row, "low")).isEqualTo(Math.max(0, mean(accuracies) - half), ROUNDED);
      assertThat(number(row, "high")).isEqualTo(Math.min(100, mean(accuracies) + half), ROUNDED);
      assertThat(row.<String>getAs("interval_of")).isEqualTo(alone ? "trials" : "trainings");
      ofTrials += alone ? 1 : 0;
      if (rho == 0) {
        assertThat(row.<Object>getAs("gain")).isNull();
        assertThat(row.<Object>getAs("gain_low")).isNull();
        assertThat(row.<Object>getAs("gain_high")).isNull();
        assertThat(row.<Object>getAs("gain_seeds")).isNull();
        continue;
      }
      var gains =
          its.stream()
              .map(c -> 100 * (c.accuracy() - twin(c, c.network().lambda(), 0).get().accuracy()))
              .toList();
      double gainHalf = alone ? 100 * Math.sqrt(2) * FakeStudy.HALF_WIDTH : half(gains, 0.975);
      assertThat(number(row, "gain")).isEqualTo(mean(gains), ROUNDED);
      assertThat(number(row, "gain_low"))
          .isEqualTo(Math.max(-100, mean(gains) - gainHalf), ROUNDED);
      assertThat(number(row, "gain_high"))
          .isEqualTo(Math.min(100, mean(gains) + gainHalf), ROUNDED);
      assertThat(number(row, "gain_seeds")).isEqualTo(its.size());
    }
    assertThat(ofTrials).isEqualTo(3 * FakeGrid.KINDS.size() * FakeGrid.RATES.size());
  }

  @Test
  void onTheFrontierNoOtherNetworkIsBetter() throws IOException {
    var rows = rows("sparsity-frontier.sql");
    assertThat(rows).hasSameSizeAs(FakeGrid.cells());
    int frontier = 0;
    for (Row row : rows) {
      var cell =
          FakeGrid.cells().stream()
              .filter(c -> c.network().name().equals(row.getAs("network")))
              .filter(c -> c.kind().equals(row.getAs("kind")))
              .filter(c -> 100 * c.rate() == number(row, "percent_faulty"))
              .findAny()
              .orElseThrow();
      boolean dominated =
          FakeGrid.cells().stream()
              .filter(c -> c.kind().equals(cell.kind()) && c.rate() == cell.rate())
              .anyMatch(c -> dominates(c, cell));
      assertThat(row.<Boolean>getAs("frontier")).isEqualTo(!dominated);
      frontier += dominated ? 0 : 1;
      assertThat(number(row, "zeros")).isEqualTo(cell.network().zeros() / 10.0, ROUNDED);
      assertThat(number(row, "accuracy")).isEqualTo(100 * cell.accuracy(), ROUNDED);
      assertThat(number(row, "clean")).isEqualTo(100 * cell.network().clean(), ROUNDED);
      String family = cell.network().rho() == 0 ? "no SAQ" : "ρ " + cell.network().rho();
      boolean lsq = cell.network().quantizer().equals("lsq");
      assertThat(row.<String>getAs("family")).isEqualTo(lsq ? family : family + ", max");
    }
    assertThat(frontier).isBetween(6, rows.size() - 1);
  }

  private static boolean dominates(Cell a, Cell b) {
    return a.network().zeros() >= b.network().zeros()
        && a.accuracy() >= b.accuracy()
        && (a.network().zeros() > b.network().zeros() || a.accuracy() > b.accuracy());
  }

  @Test
  void methodsAreComparedWithStandardTrainingOfTheSameSeed() throws IOException {
    var rows = rows("method-differences.sql");
    // 12 settings of lsq without standard and the one of one seed; max has one seed alone
    assertThat(rows).hasSize(10 * FakeGrid.KINDS.size() * FakeGrid.RATES.size());
    var row =
        rows.stream()
            .filter(r -> r.getAs("method").equals("λ 3e-5, ρ 0.15"))
            .filter(r -> r.getAs("kind").equals("bit-flip") && number(r, "percent_faulty") == 5)
            .findAny()
            .orElseThrow();
    var differences =
        found("lsq", 3e-5, 0.15, "bit-flip", 5).stream()
            .map(c -> 100 * (c.accuracy() - twin(c, 0, 0).get().accuracy()))
            .toList();
    double half = half(differences, 0.975);
    assertThat(row.<String>getAs("than")).isEqualTo("standard");
    assertThat(number(row, "seeds")).isEqualTo(2);
    assertThat(number(row, "difference")).isEqualTo(mean(differences), ROUNDED);
    assertThat(number(row, "low")).isEqualTo(Math.max(-100, mean(differences) - half), ROUNDED);
    assertThat(number(row, "high")).isEqualTo(Math.min(100, mean(differences) + half), ROUNDED);
    assertThat(row.<Boolean>getAs("significant")).isEqualTo(Math.abs(mean(differences)) > half);
  }

  /** Each pair of networks is of one λ, one ρ, one quantiser and one seed. */
  @Test
  void claimsAreAskedOfEachSettingByItself() throws IOException {
    Map<String, Double> expected = new HashMap<>();
    double[] lambdas = {3e-5, 1e-4, 4e-4};
    double[] rhos = {0.15, 0.3};
    for (double lambda : lambdas) {
      claim(expected, "AS loses more than standard, λ " + text(lambda), 0, 0, lambda, 0);
      for (double rho : rhos) {
        String setting = Text.of(", λ %s, ρ %s", text(lambda), rho);
        claim(expected, "SAQ makes AS better" + setting, lambda, rho, lambda, 0);
        claim(expected, "AS with SAQ beats standard" + setting, lambda, rho, 0, 0);
      }
    }
    for (double rho : rhos) {
      claim(expected, "SAQ makes standard better, ρ " + rho, 0, rho, 0, 0);
    }
    Map<String, Double> ours = new HashMap<>();
    var rows = rows("paper-claims.sql");
    for (Row row : rows) {
      ours.put(row.getAs("claim") + ", " + row.getAs("setting"), number(row, "ours"));
      assertThat(number(row, "seeds")).isEqualTo(2);
      assertThat(row.<String>getAs("above")).endsWith(" of 4");
    }
    assertThat(rows).hasSize(2 * 3 + 2 * 5 + 2 * 2 + 5); // the collapsed one has one seed alone
    assertThat(ours.keySet()).isEqualTo(expected.keySet());
    ours.forEach((claim, value) -> assertThat(value).isEqualTo(expected.get(claim), ROUNDED));
  }

  private static void claim(
      Map<String, Double> expected,
      String claim,
      double lambda,
      double rho,
      double worseLambda,
      double worseRho) {
    List<Double> means = new ArrayList<>();
    for (String kind : FakeGrid.KINDS) {
      for (double percent : new double[] {1, 5}) {
        var differences =
            found("lsq", lambda, rho, kind, percent).stream()
                .map(c -> 100 * (c.accuracy() - twin(c, worseLambda, worseRho).get().accuracy()))
                .toList();
        if (differences.size() > 1) {
          means.add(mean(differences));
        }
      }
    }
    if (!means.isEmpty()) {
      expected.put(claim, means.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }
  }

  @Test
  void sharpnessIsComparedAtEachSettingByItself() throws IOException {
    var rows = rows("sharper-minima.sql");
    assertThat(rows).hasSize(3 + 5 + 2);
    for (Row row : rows) {
      assertThat(number(row, "seeds")).isEqualTo(2);
    }
    var row =
        rows.stream()
            .filter(r -> r.getAs("claim").equals("SAQ makes AS flatter"))
            .filter(r -> r.getAs("setting").equals("λ 1e-4, ρ 0.15"))
            .findAny()
            .orElseThrow();
    assertThat(number(row, "difference"))
        .isEqualTo(meanRise(1e-4, 0.15) - meanRise(1e-4, 0), within(5.1e-5));
  }

  private static String text(double lambda) {
    return Double.toString(lambda).toLowerCase(Locale.ROOT).replace(".0e", "e");
  }

  private static double meanRise(double lambda, double rho) {
    return mean(
        FakeGrid.networks().stream()
            .filter(n -> n.quantizer().equals("lsq") && n.lambda() == lambda && n.rho() == rho)
            .map(Its::rise)
            .toList());
  }
}
