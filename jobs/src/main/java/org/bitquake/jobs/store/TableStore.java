package org.bitquake.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * The tables of one directory, in parts that are there completely or not at all.
 *
 * <p>A part is a directory of Parquet files, {@code DIR/<table>/<part>-<uuid>/}, and a manifest,
 * {@code DIR/_manifests/<table>/<part>.json}, that is written last and names each of them with its
 * length and SHA-256. Files that no manifest names do not exist: they are what a killed run left.
 * So a part can be committed twice only with the same name, and then the first one stays.
 *
 * <p>One driver at a time may write to a directory, which {@link ResultDirectory#open} sees to; any
 * number may read.
 */
public final class TableStore implements AutoCloseable {
  private static final String MANIFESTS = "_manifests";
  private static final String SUFFIX = ".json";

  private final Path root;
  private final StoreFiles files;
  private final Configuration hadoop;
  private final WriteAccess access;

  /**
   * @param directory a Hadoop path; it need not exist yet
   */
  public TableStore(String directory, Configuration hadoop) {
    this.hadoop = hadoop;
    this.access = WriteAccess.unguarded();
    try {
      var path = new Path(directory);
      FileSystem fs = path.getFileSystem(hadoop);
      this.root = path.makeQualified(fs.getUri(), fs.getWorkingDirectory());
      this.files = new StoreFiles(fs, hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(directory + ": no such file system: " + e.getMessage(), e);
    }
  }

  private TableStore(TableStore other, WriteAccess access) {
    this.root = other.root;
    this.files = other.files;
    this.hadoop = other.hadoop;
    this.access = access;
  }

  /** The same tables, whose changes ask first. */
  TableStore heldBy(WriteAccess its) {
    return new TableStore(this, its);
  }

  /**
   * To be called by a run before each piece of work that takes long.
   *
   * @throws StoppedException if the user asked the run to end
   * @throws InputException if the directory cannot be written to, or another run took over
   */
  public void checkpoint() {
    access.obeyStop();
    access.require();
  }

  /** Lets other runs write. */
  @Override
  public void close() {
    access.close();
  }

  /** The directory, with its scheme. */
  public Path root() {
    return root;
  }

  /** The directory as people write it: a local one without its scheme. */
  public String place() {
    return "file".equals(root.toUri().getScheme()) ? root.toUri().getPath() : root.toString();
  }

  /** Names of the tables that have at least one part, sorted. */
  public Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    for (String table : Tables.schemas().keySet()) {
      if (!parts(table).isEmpty()) {
        tables.add(table);
      }
    }
    return tables;
  }

  /**
   * The committed data files of a table, as absolute paths, by part.
   *
   * @throws InputException if a manifest or a file that it names is missing or damaged
   */
  public List<String> files(String table) {
    return existing(manifests(table));
  }

  private List<String> existing(List<Manifest> manifests) {
    return manifests.stream().flatMap(manifest -> existing(manifest).stream()).toList();
  }

  /** Rows in all committed parts of a table, as its manifests say. */
  public long rows(String table) {
    return manifests(table).stream().mapToLong(Manifest::rows).sum();
  }

  /** Rows of a committed part, as its manifest says. */
  public long rows(String table, String part) {
    return manifest(table, part).rows();
  }

  /**
   * A table; empty if it has no parts.
   *
   * @throws InputException as {@link #files}
   */
  public Dataset<Row> read(SparkSession spark, String table) {
    var manifests = manifests(table);
    return read(spark, form(table, manifests), existing(manifests));
  }

  /**
   * The columns of a table as it was written; those that it always has if it has no parts.
   *
   * @throws InputException as {@link #files}, or if its parts have not all the same
   */
  public StructType schema(String table) {
    return form(table, manifests(table));
  }

  private StructType form(String table, List<Manifest> manifests) {
    var forms = manifests.stream().map(this::form).distinct().toList();
    if (forms.size() > 1) {
      throw new InputException(
          Text.of("%s: the parts of table %s have different columns", root, table));
    }
    return forms.isEmpty() ? columns(table) : forms.get(0);
  }

  private static Dataset<Row> read(SparkSession spark, StructType schema, List<String> paths) {
    return paths.isEmpty()
        ? spark.createDataFrame(List.of(), schema)
        : spark
            .read()
            .schema(schema)
            .parquet(paths.stream().map(TableStore::literally).toArray(String[]::new));
  }

  /**
   * One committed part of a table.
   *
   * @throws InputException as {@link #files}
   */
  public Dataset<Row> read(SparkSession spark, String table, String part) {
    var manifest = manifest(table, part);
    return read(spark, form(manifest), existing(manifest));
  }

  /**
   * Reads a table of a few rows in this process, without Spark.
   *
   * @throws InputException as {@link #files}
   */
  public List<Row> readHere(String table) {
    var manifests = manifests(table);
    return LocalRows.read(existing(manifests), form(table, manifests), hadoop);
  }

  /**
   * As {@link #readHere(String)}, of one committed part.
   *
   * @throws InputException as {@link #files}
   */
  public List<Row> readHere(String table, String part) {
    var manifest = manifest(table, part);
    return LocalRows.read(existing(manifest), form(manifest), hadoop);
  }

  /** True if the part has a manifest. */
  public boolean isCommitted(String table, String part) {
    return files.exists(manifestPath(table, part));
  }

  /** What the writer of a part wanted to remember. */
  public Map<String, String> facts(String table, String part) {
    return manifest(table, part).facts();
  }

  /**
   * Reads a whole table byte by byte and compares it with its manifests.
   *
   * @throws InputException as {@link #files}, or if a file's SHA-256 is not the one written
   */
  public void verify(String table) {
    for (var manifest : manifests(table)) {
      existing(manifest);
      for (var file : manifest.files()) {
        Path path = new Path(tablePath(table), file.path());
        if (!files.sha256(path).equals(file.sha256())) {
          throw damaged(manifest, path, "other bytes than were written");
        }
      }
    }
  }

  /**
   * Writes a part and makes it visible in one step. If the part is there already, nothing changes.
   *
   * @param rows with the columns of the table, in order
   * @param facts remembered in the manifest
   * @throws IllegalStateException if fewer or more rows reached the files than were computed
   * @throws InputException if another run took over: then nothing has become visible
   */
  public void commit(String table, String part, Dataset<Row> rows, Map<String, String> facts) {
    Manifest.requireName(part);
    StructType schema =
        Tables.form(table, Tables.fingerprint(rows.schema()))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        Text.of(
                            "table %s has columns %s, not %s",
                            table, columns(table).simpleString(), rows.schema().simpleString())));
    if (isCommitted(table, part)) {
      return;
    }
    String directory = part + "-" + UUID.randomUUID();
    Path target = new Path(tablePath(table), directory);
    var written = new PartWriter(files, hadoop).write(rows, schema, target);
    var manifest =
        new Manifest(Manifest.VERSION, table, part, Tables.fingerprint(schema), written, facts);
    access.require();
    try {
      files.writeOnce(manifestPath(table, part), manifest.toJson());
    } catch (FileAlreadyExistsException e) {
      files.delete(target); // someone else committed the same part first
    }
  }

  /** Deletes what no manifest names: data of parts never committed, half-written manifests. */
  public void sweep() {
    for (String table : Tables.schemas().keySet()) {
      Set<String> named = new TreeSet<>();
      manifests(table).forEach(m -> m.files().forEach(f -> named.add(f.directory())));
      for (var status : files.list(tablePath(table))) {
        if (status.isDirectory() && !named.contains(status.getPath().getName())) {
          files.delete(status.getPath());
        }
      }
      for (var status : files.list(manifestsPath(table))) {
        if (!status.getPath().getName().endsWith(SUFFIX)) {
          files.delete(status.getPath());
        }
      }
    }
  }

  /** Deletes all tables, manifests first; other files in the directory stay. */
  public void clear() {
    files.delete(new Path(root, MANIFESTS));
    Tables.schemas().keySet().forEach(table -> files.delete(tablePath(table)));
  }

  /** Spark reads paths as patterns, but a directory may be called {@code results[1]}. */
  private static String literally(String path) {
    return path.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }

  private List<Manifest> manifests(String table) {
    return parts(table).stream().map(part -> manifest(table, part)).toList();
  }

  /** Names of the committed parts of a table, sorted. */
  public Set<String> parts(String table) {
    columns(table); // there must be such a table
    Set<String> parts = new TreeSet<>();
    for (FileStatus status : files.list(manifestsPath(table))) {
      String name = status.getPath().getName();
      if (name.endsWith(SUFFIX) && Manifest.isName(name)) {
        parts.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return parts;
  }

  Manifest manifest(String table, String part) {
    Path path = manifestPath(table, part);
    var manifest = Manifest.parse(files.readSmall(path), table, part, path.toString());
    form(manifest);
    return manifest;
  }

  private StructType form(Manifest manifest) {
    return Tables.form(manifest.table(), manifest.schema())
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s: table %s was written with other columns; read it with the bitquake that wrote it",
                        manifestPath(manifest.table(), manifest.part()), manifest.table())));
  }

  /** Absolute paths of a part's files, after a look at their lengths. */
  private List<String> existing(Manifest manifest) {
    Path table = tablePath(manifest.table());
    Map<String, Long> lengths = new TreeMap<>();
    manifest.files().stream()
        .map(Manifest.DataFile::directory)
        .distinct()
        .forEach(
            directory ->
                files
                    .list(new Path(table, directory))
                    .forEach(
                        s -> lengths.put(directory + "/" + s.getPath().getName(), s.getLen())));
    List<String> paths = new ArrayList<>();
    for (var file : manifest.files()) {
      Path path = new Path(table, file.path());
      Long length = lengths.get(file.path());
      if (length == null) {
        throw damaged(manifest, path, "missing");
      }
      if (length != file.length()) {
        throw damaged(manifest, path, Text.of("%d bytes, not %d", length, file.length()));
      }
      paths.add(path.toString());
    }
    return paths;
  }

  private InputException damaged(Manifest manifest, Path file, String how) {
    return new InputException(
        Text.of(
            "%s: damaged data file: %s; delete %s and run the same campaign again to redo its rows",
            file, how, manifestPath(manifest.table(), manifest.part())));
  }

  private static StructType columns(String table) {
    return Tables.schema(table)
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "no table \"%s\"; there are %s",
                        table, String.join(", ", Tables.schemas().keySet()))));
  }

  private Path tablePath(String table) {
    return new Path(root, table);
  }

  private Path manifestsPath(String table) {
    return new Path(new Path(root, MANIFESTS), table);
  }

  private Path manifestPath(String table, String part) {
    Manifest.requireName(part);
    return new Path(manifestsPath(table), part + SUFFIX);
  }
}
