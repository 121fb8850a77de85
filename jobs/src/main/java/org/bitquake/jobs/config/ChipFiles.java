package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.memory.MemoryLayout;

/**
 * The files of measured chips, as a configuration or a table names them: what a {@link Profile} is
 * before they are read. Draws nothing.
 */
public record ChipFiles(List<File> files) implements FaultPattern, CellEffect {
  private static final String LABEL = "profile";

  /** So that a name is the same text in YAML, JSON and file systems. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,90}\\.(csv|parquet)");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * One file.
   *
   * @param path relative to the configuration file; in tables the name alone
   * @param sha256 of what it holds; a table always says so
   */
  public record File(String path, Optional<String> sha256) {
    /** The path without its folders. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  public ChipFiles {
    files = List.copyOf(files);
  }

  static ChipFiles read(Settings settings) {
    var node = settings.node();
    if (!node.isArray() || node.isEmpty() || node.size() > Profile.MOST_CHIPS) {
      throw new InvalidValue(
          LABEL, Text.of("expected a list of 1 to %d files of chips", Profile.MOST_CHIPS));
    }
    List<File> files = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      var file = file(LABEL + "[" + i + "]", node.get(i));
      if (files.contains(file)) {
        throw new InvalidValue(LABEL + "[" + i + "]", file.path() + " is here twice");
      }
      files.add(file);
    }
    return new ChipFiles(files);
  }

  private static File file(String key, JsonNode node) {
    if (node.isTextual()) {
      return checked(key, new File(node.textValue(), Optional.empty()));
    }
    var its = new Settings(key, node).only("file", "sha256");
    return checked(key, new File(its.word("file"), Optional.of(its.word("sha256"))));
  }

  private static File checked(String key, File file) {
    if (!NAME.matcher(file.name()).matches()) {
      throw new InvalidValue(
          key,
          Text.of(
              "\"%s\": the name of a chip's file has up to 90 letters a…z, digits, spaces and . _ +"
                  + " -, and ends in .csv or .parquet",
              file.name()));
    }
    if (file.sha256().filter(its -> !SHA256.matcher(its).matches()).isPresent()) {
      throw new InvalidValue(key + ".sha256", "expected 64 digits 0…9, a…f");
    }
    return file;
  }

  @Override
  public String label() {
    return files.stream().map(File::path).collect(Collectors.joining(", ", LABEL + ": [", "]"));
  }

  @Override
  public double mark(double rate) {
    throw unread();
  }

  @Override
  public double rate(double mark) {
    throw unread();
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    throw unread();
  }

  @Override
  public int apply(int stored, int bits, int first, int second, int third) {
    throw unread();
  }

  private IllegalStateException unread() {
    return new IllegalStateException(label() + ": these files have not been read");
  }
}
