package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.bitquake.InputException;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlSessionTest {
  private static SqlSession session;

  @BeforeAll
  static void open() {
    session = SqlSession.open(TestSpark.session(), FakeResults.directory().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM trials",
        "WITH x AS (SELECT 1 AS a) SELECT * FROM x",
        "VALUES (1), (2)",
        "TABLE cells",
        "SHOW TABLES",
        "SHOW COLUMNS IN trials",
        "SHOW VIEWS",
        "DESCRIBE trials",
        "DESCRIBE QUERY SELECT 1",
        "DESCRIBE FUNCTION percentile",
        "EXPLAIN SELECT * FROM cells",
        "/* INSERT */ SELECT 'DROP TABLE x; -- '",
        "SELECT * FROM cells WHERE rate = (SELECT max(rate) FROM cells)",
      })
  void reads(String statement) {
    assertThat(session.query(statement).collectAsList()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP VIEW trials",
        "CREATE TABLE x AS SELECT 1 AS a",
        "CREATE TEMPORARY VIEW y AS SELECT 1",
        "INSERT INTO trials SELECT * FROM trials",
        "/* SELECT */ INSERT INTO trials SELECT * FROM trials",
        "WITH x AS (SELECT 1) INSERT INTO trials SELECT * FROM x",
        "FROM trials INSERT INTO a SELECT * INSERT INTO b SELECT *",
        "INSERT OVERWRITE DIRECTORY '/tmp/x' USING csv SELECT 1",
        "DELETE FROM trials",
        "TRUNCATE TABLE trials",
        "SET spark.sql.shuffle.partitions = 1",
        "SET",
        "RESET",
        "ADD JAR 'x.jar'",
        "CACHE TABLE trials",
        "CLEAR CACHE",
        "USE other",
        "REFRESH TABLE trials",
        "EXPLAIN DROP VIEW trials",
        "EXPLAIN INSERT INTO trials SELECT * FROM trials",
        "CREATE FUNCTION f AS 'a.B'",
        "SELECT TRANSFORM(kind) USING 'cat' AS (k) FROM cells",
        "SELECT java_method('java.lang.System', 'getProperty', 'user.home')",
        "SELECT 1 WHERE EXISTS (SELECT REFLECT('java.lang.System', 'exit', 3))",
        "WITH x AS (SELECT reflect('java.lang.System', 'exit', 3)) SELECT * FROM x",
      })
  void refusesEverythingElse(String statement) {
    assertThatThrownBy(() -> session.query(statement))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("results are only read")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELEC 1",
        "SELECT * FROM nowhere",
        "SELECT acuracy FROM cells",
        "SELECT nofunction(1)",
        ""
      })
  void sparksComplaintsBecomeOneLine(String statement) {
    assertThatThrownBy(() -> session.query(statement))
        .isInstanceOf(InputException.class)
        .message()
        .doesNotContain("\n", "==", "+-", "Project")
        .hasSizeBetween(10, 400);
  }

  @Test
  void aMisspeltColumnIsNamedWithThePlaceAndSuggestions() {
    assertThatThrownBy(() -> session.query("SELECT acuracy FROM cells"))
        .hasMessageContaining("`acuracy`")
        .hasMessageContaining("`accuracy`")
        .hasMessageContaining("line 1 pos 7");
  }

  @Test
  void viewsStayInTheirOwnSession() {
    assertThat(TestSpark.session().catalog().tableExists("trials")).isFalse();
  }

  @Test
  void aMissingOrEmptyDirectoryIsOneLine(@TempDir Path empty) {
    for (Path none : new Path[] {empty, empty.resolve("missing")}) {
      assertThatThrownBy(() -> SqlSession.open(TestSpark.session(), none.toString()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(none.toString())
          .message()
          .doesNotContain("\n");
    }
  }
}
