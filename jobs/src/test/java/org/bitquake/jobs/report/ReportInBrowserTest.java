package org.bitquake.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bitquake.jobs.FakeGrid;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.FakeSearch;
import org.bitquake.jobs.FakeStudy;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it, on a phone, a tablet and a desk. */
class ReportInBrowserTest {
  /** Labels outside their figure, and pairs of labels on each other. */
  private static final String WRONG_LABELS =
      """
      [...document.querySelectorAll('.panel > svg')].flatMap(svg => {
        const frame = svg.getBoundingClientRect();
        const labels = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
        const wrong = labels
          .filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1
            || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)
          .map(([t]) => 'cut: ' + t);
        for (let i = 0; i < labels.length; i++)
          for (let j = 0; j < i; j++) {
            const [a, b] = [labels[i][1], labels[j][1]];
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 1.5 && high > 0.45 * Math.min(a.height, b.height))
              wrong.push('overlap: ' + labels[i][0] + ' / ' + labels[j][0]);
          }
        return wrong.map(w => svg.getAttribute('aria-label') + ': ' + w);
      })
      """;

  private static final String UNDRAWN =
      """
      [...document.querySelectorAll('.panel > svg')]
        .filter(svg => { const b = svg.getBBox(); const r = svg.getBoundingClientRect();
          return !(b.width > 50 && b.height > 50 && r.width > 50 && r.height > 50); })
        .map(svg => svg.getAttribute('aria-label'))
      """;

  /** Captions of tables that have to be scrolled sideways. */
  private static final String WIDE_TABLES =
      """
      [...document.querySelectorAll('.scroll')]
        .filter(box => box.scrollWidth > box.clientWidth + 1)
        .map(box => box.getAttribute('aria-label'))
      """;

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path folder;

  @Test
  void isDrawnWholeAtEveryWidthInLightAndDark() throws Exception {
    var program = Browser.program();
    Assumptions.assumeTrue(program.isPresent(), "no chromium on the PATH");
    Path page = folder.resolve("page.html");
    Report.write(
        TestSpark.session(),
        List.of(FakeResults.directory().toString()),
        Optional.of(page.toString()),
        false);
    try (var browser =
        new Browser(program.get(), Files.createDirectory(folder.resolve("profile")))) {
      isWhole(browser, page);
      sortsByTheKeyboard(browser);
      saysItsValues(browser);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /** Many networks, many settings: bars, maps and tables that are long. */
  @Test
  void ofManyNetworksIsDrawnWholeToo() throws Exception {
    var program = Browser.program();
    Assumptions.assumeTrue(program.isPresent(), "no chromium on the PATH");
    Path page = folder.resolve("many.html");
    Report.write(
        TestSpark.session(),
        List.of(
            FakeStudy.directory().toString(),
            FakeGrid.directory().toString(),
            FakeSearch.directory().toString()),
        Optional.of(page.toString()),
        false);
    try (var browser =
        new Browser(program.get(), Files.createDirectory(folder.resolve("profile-many")))) {
      isWhole(browser, page);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void isWhole(Browser browser, Path page) throws Exception {
    for (int width : new int[] {360, 768, 1280}) {
      browser.show(page, width, width == 768);
      browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
      assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
          .as("no scrolling sideways at %d", width)
          .isLessThanOrEqualTo(width);
      assertThat(browser.evaluate(UNDRAWN)).as("drawn at %d", width).isEmpty();
      assertThat(browser.evaluate(WRONG_LABELS)).as("labels at %d", width).isEmpty();
      settle(browser);
      assertThat(browser.evaluate(WIDE_TABLES)).as("tables at %d", width).isEmpty();
    }
  }

  /** Waits until the page has found out which tables do not fit. */
  private static void settle(Browser browser) throws Exception {
    browser.evaluate(
        "window.frames = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.frames = 2))");
    while (browser.evaluate("window.frames").asInt() != 2) {
      Thread.sleep(10);
    }
  }

  private static void sortsByTheKeyboard(Browser browser) throws Exception {
    String column =
        "[...document.querySelector('table').tBodies[0].rows].map(r => Number(r.cells[4].dataset.sort))";
    String button = "document.querySelectorAll('table th button')[4]";
    assertThat(
            browser.evaluate(button + ".focus(), document.activeElement === " + button).asBoolean())
        .isTrue();
    browser.evaluate(button + ".click()");
    String risen = "(c => c.every((v, i) => i === 0 || c[i - 1] <= v))(" + column + ")";
    assertThat(browser.evaluate(risen).asBoolean()).isTrue();
    assertThat(browser.evaluate(button + ".parentElement.getAttribute('aria-sort')").asText())
        .isEqualTo("ascending");
    browser.evaluate(button + ".click()");
    assertThat(browser.evaluate(risen).asBoolean()).isFalse();
  }

  private static void saysItsValues(Browser browser) throws Exception {
    String said =
        """
        (t => { t.scrollIntoView({behavior: 'instant', block: 'center'});
          t.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
          return document.getElementById('tip').hidden ? '' : document.getElementById('tip').textContent;
        })(document.querySelector('.target'))
        """;
    assertThat(browser.evaluate(said).asText())
        .matches("AS, \\S+ %: .* % \\(.* to .*\\), 40 trials");
  }
}
