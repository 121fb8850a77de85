package org.bitquake.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.bitquake.Text;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in documents are those of the code: tables and their columns, questions, recipes. */
class ListsTest {
  private static final Path JOBS = Path.of("jobs", "README.md");
  private static final Path NOTEBOOKS = Path.of("notebooks", "README.md");
  private static final Pattern TABLE_HEADING = Pattern.compile("### `(\\w+)`");
  private static final Pattern COMMENTED = Pattern.compile("  (\\w+) COMMENT '([^']*)'");
  private static final Pattern QUESTION_ROW = Pattern.compile("\\| \\[([\\w-]+\\.sql)]\\(.*");
  private static final Pattern FIRST_SENTENCE = Pattern.compile(".*?[.?](?= |$)");

  static Stream<String> tables() {
    return Tables.schemas().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyColumnIsListedAsDescribeTellsIt(String table) throws IOException {
    String rows =
        Arrays.stream(Tables.widest(table).orElseThrow().fields())
            .map(ListsTest::row)
            .collect(Collectors.joining());
    assertThat(section(table)).endsWith("\n\n| column | type | meaning |\n|---|---|---|\n" + rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trials", "cells"})
  void columnsOfManyClassesAreListedBelow(String table) throws IOException {
    var always = Tables.widest(table).orElseThrow();
    var wide = TopFive.with(table, always);
    assertThat(wide.fields()).startsWith(always.fields());
    String rows =
        Arrays.stream(wide.fields())
            .skip(always.size())
            .map(ListsTest::row)
            .collect(Collectors.joining());
    assertThat(Documents.markdown(JOBS))
        .contains(
            section(table)
                + "\nWhere networks have more than 20 classes, these columns follow:\n\n"
                + "| column | type | meaning |\n|---|---|---|\n"
                + rows
                + "\n");
  }

  private static String row(StructField column) {
    return Text.of(
        "| `%s` | %s | %s |\n",
        column.name(), column.dataType().catalogString(), column.getComment().getOrElse(() -> ""));
  }

  @Test
  void soAreThoseOfTheViewOfMethods() throws IOException {
    String sql;
    try (var in = SqlSession.class.getResourceAsStream("methods.sql")) {
      sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    var rows =
        COMMENTED
            .matcher(sql)
            .results()
            .map(c -> Text.of("| `%s` | %s |\n", c.group(1), c.group(2)))
            .toList();
    assertThat(rows).isNotEmpty();
    assertThat(section("methods"))
        .endsWith("\n\n| column | meaning |\n|---|---|\n" + String.join("", rows));
  }

  @Test
  void noOtherTableIsListed() throws IOException {
    var listed =
        TABLE_HEADING.matcher(Documents.markdown(JOBS)).results().map(m -> m.group(1)).toList();
    var all = Stream.concat(tables(), Stream.of("methods")).toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(all);
  }

  /** From the heading of a table to the end of its list. */
  private static String section(String table) throws IOException {
    String text = Documents.markdown(JOBS);
    String heading = Text.of("### `%s`\n", table);
    assertThat(text).contains(heading);
    String rest = text.substring(text.indexOf(heading));
    int end = rest.indexOf("|\n\n");
    return end < 0 ? rest : rest.substring(0, end + 2);
  }

  @Test
  void everyQuestionIsListedWithItsFirstSentence() throws IOException {
    List<String> questions;
    try (var files = Files.list(Documents.ROOT.resolve("notebooks"))) {
      questions =
          files
              .filter(f -> f.toString().endsWith(".sql"))
              .sorted()
              .map(ListsTest::question)
              .toList();
    }
    var listed =
        Documents.markdown(NOTEBOOKS)
            .lines()
            .filter(line -> QUESTION_ROW.matcher(line).matches())
            .toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(questions);
  }

  private static String question(Path file) {
    try (var lines = Files.lines(file)) {
      String head =
          lines
              .takeWhile(line -> line.startsWith("-- "))
              .map(line -> line.substring(3))
              .collect(Collectors.joining(" "));
      var sentence = FIRST_SENTENCE.matcher(head);
      assertThat(sentence.find()).as("%s begins with a sentence", file).isTrue();
      String name = file.getFileName().toString();
      return Text.of("| [%s](%s) | %s |", name, name, sentence.group());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The recipes for other programs are the files that OtherReadersTest runs. */
  @Test
  void recipesAreThoseOfTheirFiles() throws IOException {
    var recipes =
        Documents.read(NOTEBOOKS).blocks().stream()
            .filter(block -> block.language().equals("sql"))
            .map(Document.Block::text)
            .toList();
    assertThat(recipes).hasSize(2);
    assertThat(recipe("duckdb.sql")).endsWith(recipes.get(0));
    assertThat(recipe("spark.sql")).endsWith(recipes.get(1));
  }

  private static String recipe(String file) throws IOException {
    return Files.readString(Documents.ROOT.resolve("notebooks/elsewhere").resolve(file));
  }
}
