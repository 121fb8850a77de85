package org.bitquake.jobs.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * What one committed part of a table consists of.
 *
 * @param version of this format, 1
 * @param table name of the table
 * @param part name of the part, unique in the table
 * @param schema fingerprint of the table's columns
 * @param files at least one
 * @param facts what the writer wants to remember about the part
 */
record Manifest(
    int version,
    String table,
    String part,
    String schema,
    List<DataFile> files,
    Map<String, String> facts) {
  static final int VERSION = 1;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** Spark numbers files with the digits of its executor's language. */
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9\\p{Nd}._-]{0,99}");

  private static final Pattern SHA = Pattern.compile("[0-9a-f]{64}");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(
              SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /**
   * One Parquet file.
   *
   * @param path relative to the table's directory: {@code part-uuid/file.parquet}
   * @param length in bytes
   * @param rows in it
   * @param sha256 of its bytes, hex
   */
  record DataFile(String path, long length, long rows, String sha256) {
    DataFile {
      String[] steps = path.split("/", -1);
      if (steps.length != 2 || !isName(steps[0]) || !FILE.matcher(steps[1]).matches()) {
        throw new IllegalArgumentException(Text.of("\"%s\" is not a data file's path", path));
      }
      if (length < 1 || rows < 0 || !SHA.matcher(sha256).matches()) {
        throw new IllegalArgumentException(path + " has no sound length, row count and SHA-256");
      }
    }

    /** The directory that holds the file. */
    String directory() {
      return path.substring(0, path.indexOf('/'));
    }
  }

  Manifest {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          Text.of("format version %d, this program reads %d", version, VERSION));
    }
    requireName(table);
    requireName(part);
    files = List.copyOf(files);
    facts = new TreeMap<>(facts);
    var paths = new HashSet<String>();
    if (files.isEmpty() || !files.stream().allMatch(f -> paths.add(f.path()))) {
      throw new IllegalArgumentException("it does not name each of its data files once");
    }
  }

  long rows() {
    return files.stream().mapToLong(DataFile::rows).sum();
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          Text.of("\"%s\" is not a name (letters, digits, dots, dashes)", name));
    }
  }

  byte[] toJson() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param source the file, for the message
   * @throws InputException if this is not a manifest of that part
   */
  static Manifest parse(byte[] json, String table, String part, String source) {
    try {
      var manifest = MAPPER.readValue(json, Manifest.class);
      if (!manifest.table.equals(table) || !manifest.part.equals(part)) {
        throw new InputException(
            damaged(source, Text.of("it describes %s/%s", manifest.table, manifest.part)));
      }
      return manifest;
    } catch (IOException e) {
      String why =
          e.getCause() instanceof IllegalArgumentException
              ? e.getCause().getMessage()
              : e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
      throw new InputException(damaged(source, why.replaceAll("\\s+", " ")), e);
    }
  }

  private static String damaged(String source, String why) {
    return Text.of(
        "%s: damaged manifest: %s; delete it and run the same campaign again to redo its rows",
        source, why);
  }
}
