package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableStoreTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final List<Row> NONE = List.of();

  @TempDir Path temp;
  private Path directory;
  private TableStore store;

  @BeforeEach
  void create() {
    directory = temp.resolve("results [1] {a,b}");
    store = open();
  }

  private TableStore open() {
    return new TableStore(directory.toString(), new Configuration());
  }

  static Row trial(long number) {
    return RowFactory.create(
        "a",
        "bit-flip",
        0.01,
        number,
        1L,
        "twos-complement",
        10,
        7,
        9,
        2,
        3L,
        2L,
        "0".repeat(64),
        null,
        null,
        "fashion-mnist/test",
        null);
  }

  private static Dataset<Row> trials(long first, long end) {
    List<Row> rows = LongStream.range(first, end).mapToObj(TableStoreTest::trial).toList();
    return SPARK.createDataFrame(rows, Tables.TRIALS).repartition(2);
  }

  private List<Long> numbers() {
    return store.read(SPARK, "trials").select("trial").collectAsList().stream()
        .map(row -> row.getLong(0))
        .sorted()
        .toList();
  }

  private Path manifest(String part) {
    return directory.resolve("_manifests/trials/" + part + ".json");
  }

  private Path dataFile(String part) throws IOException {
    return dataFile("trials", part);
  }

  private Path dataFile(String table, String part) throws IOException {
    try (var files = Files.walk(directory.resolve(table))) {
      return files
          .filter(f -> f.getParent().getFileName().toString().startsWith(part + "-"))
          .filter(f -> f.toString().endsWith(".parquet"))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void isEmptyBeforeTheFirstCommit() {
    assertThat(store.tables()).isEmpty();
    assertThat(store.files("trials")).isEmpty();
    assertThat(store.isCommitted("trials", "a")).isFalse();
    assertThat(store.read(SPARK, "trials").count()).isZero();
    assertThat(store.read(SPARK, "trials").schema()).isEqualTo(Tables.TRIALS);
  }

  static Set<String> tables() {
    return Tables.schemas().keySet();
  }

  /** Rows of a table: one of values, one of nulls where they may be. */
  private static List<Row> two(StructType schema) {
    return List.of(
        RowFactory.create(values(schema, false)), RowFactory.create(values(schema, true)));
  }

  private static Object[] values(StructType schema, boolean nulls) {
    return Arrays.stream(schema.fields())
        .map(f -> nulls && f.nullable() ? null : value(f.dataType()))
        .toArray();
  }

  private static Object value(DataType type) {
    return switch (type.typeName()) {
      case "string" -> "größer";
      case "double" -> 0.1;
      case "long" -> 1L << 40;
      case "integer" -> 7;
      case "boolean" -> true;
      default -> throw new AssertionError(type);
    };
  }

  @ParameterizedTest
  @MethodSource("tables")
  void rowsThatAreHereBecomeTheFileThatATaskWrites(String table) throws IOException {
    var schema = Tables.schema(table).orElseThrow();
    var spark = new TableSessions(SPARK).few();
    for (var rows : table.equals("trials") ? List.of(two(schema), NONE) : List.of(two(schema))) {
      String here = "here" + rows.size();
      String task = "task" + rows.size();
      var frame = spark.createDataFrame(rows, schema);
      assertThat(HereWriter.of(frame.coalesce(1))).isPresent();
      assertThat(HereWriter.of(frame.repartition(1))).isEmpty();
      store.commit(table, here, frame.coalesce(1), Map.of());
      store.commit(table, task, frame.repartition(1), Map.of());
      assertThat(dataFile(table, here)).hasSameBinaryContentAs(dataFile(table, task));
      assertThat(names(dataFile(table, here))).isEqualTo(names(dataFile(table, task)));
      assertThat(store.rows(table, here)).isEqualTo(rows.size());
      assertThat(store.readHere(table, here)).isEqualTo(rows);
    }
  }

  /** What lies with a file, but for what is drawn anew, and digits, of which Spark takes any. */
  private static List<String> names(Path file) throws IOException {
    try (var all = Files.list(file.getParent())) {
      return all.map(f -> f.getFileName().toString())
          .map(f -> f.replaceAll("part-\\p{Nd}{5}-[0-9a-f-]{36}-c\\p{Nd}{3}", "part"))
          .sorted()
          .toList();
    }
  }

  @Test
  void readsBackWhatWasCommitted() {
    store.commit("trials", "a", trials(0, 5), Map.of("first", "0"));
    store.commit("trials", "b", trials(5, 7), Map.of());
    store = open();
    assertThat(store.tables()).containsExactly("trials");
    assertThat(store.parts("trials")).containsExactly("a", "b");
    assertThat(store.facts("trials", "a")).isEqualTo(Map.of("first", "0"));
    assertThat(store.rows("trials")).isEqualTo(7);
    assertThat(numbers()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(store.read(SPARK, "trials").filter("trial = 3").first()).isEqualTo(trial(3));
    store.verify("trials");
  }

  @Test
  void theFilesThemselvesExplainTheirColumns() {
    var bare = new StructType(); // what comes out of a typed transformation has no comments
    for (var field : Tables.TRIALS.fields()) {
      bare = bare.add(field.name(), field.dataType(), field.nullable());
    }
    var rows = SPARK.createDataFrame(trials(0, 5).toJavaRDD(), bare);
    store.commit("trials", "a", rows, Map.of());
    String file = store.files("trials").get(0).replaceAll("[{}\\[\\]]", "\\\\$0");
    assertThat(SPARK.read().parquet(file).schema().apply("rate").getComment().get())
        .isEqualTo("probability of each memory cell to be faulty, 0…1");
  }

  @Test
  void aPartIsCommittedOnce() {
    store.commit("trials", "a", trials(0, 5), Map.of());
    store.commit("trials", "a", trials(100, 200), Map.of());
    assertThat(numbers()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void rowsReadWithoutSparkAreSparks() {
    store.commit("trials", "a", trials(0, 5), Map.of());
    store.commit("trials", "b", trials(5, 20), Map.of());
    var here = store.readHere("trials");
    assertThat(here)
        .containsExactlyInAnyOrderElementsOf(store.read(SPARK, "trials").collectAsList());
    assertThat(here).anyMatch(row -> row.getAs("error") == null);
    assertThat(here.get(0).<Double>getAs("rate")).isNotNull();
  }

  @Test
  void whatIsNoParquetCannotBeReadHere() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    byte[] bytes = Files.readAllBytes(dataFile("a"));
    java.util.Arrays.fill(bytes, (byte) 'x');
    Files.write(dataFile("a"), bytes);
    assertThatThrownBy(() -> store.readHere("trials"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void whatNoManifestNamesDoesNotExistAndIsSwept() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    Path left = directory.resolve("trials/b-0000");
    Files.createDirectories(left);
    Files.copy(dataFile("a"), left.resolve("part-0.parquet"));
    Path draft = manifest("b").resolveSibling("b.json.123.tmp");
    Files.writeString(draft, "{");
    assertThat(numbers()).hasSize(5);
    assertThat(store.parts("trials")).containsExactly("a");
    store.sweep();
    assertThat(left).doesNotExist();
    assertThat(draft).doesNotExist();
    assertThat(numbers()).hasSize(5);
  }

  @Test
  void namesADataFileThatIsMissing() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    Path file = dataFile("a");
    Files.delete(file);
    assertThatThrownBy(() -> store.files("trials"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.getFileName() + ": damaged data file: missing; delete")
        .hasMessageContaining("a.json and run the same campaign again");
  }

  @Test
  void namesADataFileOfAnotherLength() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    Path file = dataFile("a");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, new byte[bytes.length - 1]);
    assertThatThrownBy(() -> store.read(SPARK, "trials"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            Text.of("damaged data file: %d bytes, not %d", bytes.length - 1, bytes.length));
  }

  @Test
  void findsAChangedByte() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    Path file = dataFile("a");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    assertThatThrownBy(() -> store.verify("trials"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged data file: other bytes than were written");
  }

  @Test
  void namesADamagedManifest() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    String good = Files.readString(manifest("a"));
    for (String bad :
        List.of(
            good.substring(0, good.length() / 2),
            good.replace("\"version\" : 1", "\"version\" : 2"),
            good.replace("\"path\" : \"a-", "\"path\" : \"../a-"),
            good.replace("\"part\" : \"a\"", "\"part\" : \"b\""),
            good.replace("\"facts\"", "\"fats\""),
            good + "{}",
            "")) {
      assertThat(bad).isNotEqualTo(good);
      overwrite(manifest("a"), bad);
      assertThatThrownBy(() -> store.files("trials"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("a.json: damaged manifest: ")
          .hasMessageContaining("delete it and run the same campaign again")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void refusesATableWithOtherColumns() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    String good = Files.readString(manifest("a"));
    String hash = Tables.fingerprint(Tables.TRIALS);
    overwrite(manifest("a"), good.replace(hash, Tables.fingerprint(Tables.CELLS)));
    assertThatThrownBy(() -> store.files("trials"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("table trials was written with other columns");
    assertThatThrownBy(() -> store.commit("cells", "a", trials(0, 1), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.files("secrets"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no table \"secrets\"; there are trials, cells, pairs");
  }

  @Test
  void refusesNamesThatLeaveTheDirectory() {
    assertThatThrownBy(() -> store.commit("trials", "../a", trials(0, 1), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.isCommitted("trials", "a/b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clearsItsTablesAndNothingElse() throws IOException {
    store.commit("trials", "a", trials(0, 5), Map.of());
    Files.writeString(directory.resolve("notes.txt"), "mine");
    store.clear();
    assertThat(store.tables()).isEmpty();
    assertThat(directory.resolve("trials")).doesNotExist();
    assertThat(directory.resolve("notes.txt")).exists();
  }

  /** A change from outside, which knows nothing of Hadoop's checksum file. */
  private static void overwrite(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }
}
