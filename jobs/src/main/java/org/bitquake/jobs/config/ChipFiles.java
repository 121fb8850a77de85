package org.bitquake.jobs.config;

import java.util.ArrayList;
import java.util.List;
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
public record ChipFiles(List<NamedFile> files) implements FaultPattern, CellEffect {
  private static final String LABEL = "profile";

  public ChipFiles {
    files = List.copyOf(files);
  }

  static ChipFiles read(Settings settings) {
    var node = settings.node();
    if (!node.isArray() || node.isEmpty() || node.size() > Profile.MOST_CHIPS) {
      throw new InvalidValue(
          LABEL, Text.of("expected a list of 1 to %d files of chips", Profile.MOST_CHIPS));
    }
    List<NamedFile> files = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      var file =
          NamedFile.read("a chip's file", LABEL + "[" + i + "]", node.get(i), "csv", "parquet");
      if (files.contains(file)) {
        throw new InvalidValue(LABEL + "[" + i + "]", file.path() + " is here twice");
      }
      files.add(file);
    }
    return new ChipFiles(files);
  }

  @Override
  public String label() {
    return files.stream()
        .map(NamedFile::path)
        .collect(Collectors.joining(", ", LABEL + ": [", "]"));
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
