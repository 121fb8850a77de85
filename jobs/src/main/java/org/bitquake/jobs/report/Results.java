package org.bitquake.jobs.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.injection.RecordedChips;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.sql.Statements;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.StoreFiles;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.TopFive;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/** A result directory to be reported on: its committed tables, and how they came to be. */
final class Results {
  private static final String SEARCH = "protect";
  private static final List<String> JOBS = List.of("campaign", "landscape", "cnvlutin", SEARCH);
  private static final List<String> FEW_ROWS = List.of("networks", "cells", "sharpness");
  private static final List<String> WITH_PROVENANCE = List.of("networks", "sharpness");
  private static final List<String> WITH_NETWORKS =
      List.of(
          "networks",
          "cells",
          "sharpness",
          "landscape",
          "cnvlutin_layers",
          "single_fault_rates",
          "trials");

  private final TableStore store;
  private final Configuration hadoop;
  private final Supplier<SqlSession> session;
  private final String job;
  private final JsonNode marker;
  private final List<String> tables;
  private final Supplier<Trainings> trainings;
  private final Supplier<RecordedChips> chips;

  private Results(
      TableStore store,
      Configuration hadoop,
      Supplier<SqlSession> session,
      String job,
      JsonNode marker) {
    this.store = store;
    this.hadoop = hadoop;
    this.session = session;
    this.job = job;
    this.marker = marker;
    this.tables = List.copyOf(store.tables());
    this.trainings = Once.of(this::readTrainings);
    this.chips =
        Once.of(
            () -> {
              var origin = ResultDirectory.origin(store.root().toString(), hadoop);
              return new RecordedChips(origin, Optional.empty(), hadoop);
            });
  }

  /**
   * Opens a directory.
   *
   * @param spark not asked for before the first question
   * @throws InputException if it is missing or holds no tables
   */
  static Results open(Supplier<SparkSession> spark, Configuration hadoop, String directory) {
    var store = new TableStore(directory, hadoop);
    SqlSession.requireTables(store, directory);
    var session = Once.of(() -> SqlSession.open(spark.get(), store, directory));
    try {
      var files = new StoreFiles(store.root().getFileSystem(hadoop), hadoop);
      for (String job : JOBS) {
        Path path = new Path(store.root(), job + ".json");
        if (files.exists(path)) {
          var marker = JsonMapper.builder().build().readTree(files.readSmall(path));
          return new Results(store, hadoop, session, job, marker);
        }
      }
    } catch (IOException e) {
      throw new InputException(
          directory + ": its description cannot be read: " + e.getMessage(), e);
    }
    return new Results(store, hadoop, session, "results", MissingNode.getInstance());
  }

  TableStore store() {
    return store;
  }

  /** The directory as people write it. */
  String place() {
    return store.place();
  }

  /** Such as {@code campaign}. */
  String job() {
    return job;
  }

  /** Whether it is of a search for protections. */
  boolean isSearch() {
    return job.equals(SEARCH);
  }

  /** What the configuration calls it, or the directory's name. */
  String name() {
    return PlainText.of(marker.path("name").asText(store.root().getName()));
  }

  /** What determines its rows; missing if the directory has no description. */
  JsonNode identity() {
    return marker.path("identity");
  }

  String identityHash() {
    return marker.path("hash").asText("");
  }

  /** How it was asked for; missing if an earlier bitquake made it. */
  JsonNode origin() {
    return marker.path("origin");
  }

  boolean has(String... tables) {
    return this.tables.containsAll(List.of(tables));
  }

  List<String> tables() {
    return tables;
  }

  /** Names of the networks, sorted. */
  List<String> networks() {
    String table = WITH_NETWORKS.stream().filter(this::has).findFirst().orElseThrow();
    return (FEW_ROWS.contains(table)
            ? store.readHere(table).stream().map(row -> row.<String>getAs("network")).distinct()
            : session.get().query("SELECT DISTINCT network FROM " + table).collectAsList().stream()
                .map(row -> row.getString(0)))
        .sorted()
        .map(PlainText::of)
        .toList();
  }

  /** Whether its cells tell top-5 accuracy. */
  boolean haveTop5() {
    return has("cells") && TopFive.isIn(store.schema("cells"));
  }

  /** Whether trials have no result. */
  boolean haveFailedTrials() {
    return has("cells")
        && store.readHere("cells").stream().anyMatch(row -> row.<Long>getAs("failed") > 0);
  }

  /** Whether fault models are more than a kind of fault in independent cells. */
  boolean haveModels() {
    return has("trials") && List.of(store.schema("trials").fieldNames()).contains(Tables.MODEL);
  }

  /** Whether rates are those of supply voltages. */
  boolean haveVoltages() {
    return has("cells") && List.of(store.schema("cells").fieldNames()).contains("voltage");
  }

  /** Fault models in the order of the configuration; none where there are only kinds of faults. */
  List<String> models() {
    List<String> models = new ArrayList<>();
    if (identity().has("models")) {
      identity().path("kinds").forEach(kind -> models.add(PlainText.of(kind.asText())));
    }
    return models;
  }

  /** The rows of trials of which an answer tells network, percent_faulty and trial. */
  List<Row> trialsOf(Answer answer) {
    var one = answer.rows().get(0);
    return session
        .get()
        .query("SELECT * FROM trials")
        .filter(col("network").equalTo(one.get("network")))
        .filter(col("trial").equalTo(one.get("trial")))
        .filter(round(col("rate").multiply(100), 6).equalTo(one.get("percent_faulty")))
        .collectAsList();
  }

  /** A network from the file that the table names, if that is still there and the same. */
  Optional<QuantizedNetwork> network(String name, String hash) {
    for (Row row : store.readHere("networks")) {
      if (row.getAs("network").equals(name)) {
        try {
          return Optional.of(QnnFile.read(new Path(row.<String>getAs("file")), hadoop))
              .filter(network -> network.contentHash().equals(hash));
        } catch (IOException | InputException | IllegalArgumentException e) {
          return Optional.empty(); // a page can do without
        }
      }
    }
    return Optional.empty();
  }

  /** A trial of a model with what its measured chips hold, if they are still there and the same. */
  Optional<TrialRow> complete(TrialRow row) {
    try {
      return Optional.of(row.with(chips.get().complete(row.kind())));
    } catch (InputException e) {
      return Optional.empty(); // a page can do without
    }
  }

  /** How the networks were trained; nothing is known where no table says so. */
  Trainings trainings() {
    return trainings.get();
  }

  private Trainings readTrainings() {
    return WITH_PROVENANCE.stream()
        .filter(this::has)
        .findFirst()
        .map(table -> Trainings.of(store.readHere(table)))
        .orElse(new Trainings(List.of()));
  }

  /** The answer to a question, if its table is there and the answer is not empty. */
  Optional<Answer> ask(String notebook, String... tables) {
    if (!has(tables)) {
      return Optional.empty();
    }
    return Timings.part(notebook, () -> answer(notebook));
  }

  private Optional<Answer> answer(String notebook) {
    String sql = notebook(notebook);
    var found = session.get().query(Statements.split(sql).get(0));
    List<String> columns = List.of(found.columns());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row row : found.collectAsList()) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.get(i);
        values.put(columns.get(i), value instanceof String text ? PlainText.of(text) : value);
      }
      rows.add(values);
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(new Answer(notebook, place(), sql, models(), columns, rows));
  }

  private static String notebook(String name) {
    try (var in = Results.class.getResourceAsStream("notebooks/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
