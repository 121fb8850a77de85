package org.bitquake.jobs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.bitquake.Text;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Clusters.Shape;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;

/** How patterns of faults are written. What is read is what {@link FaultPattern#label} writes. */
enum PatternForm implements Form<FaultPattern> {
  CELL("cell", CellPattern.INSTANCE),
  ROW("row", Lines.ROW),
  COLUMN("column", Lines.COLUMN),
  ARRAY("array", Lines.ARRAY),
  CLUSTER("cluster", PatternForm::clusters),
  COLUMNS("columns", settings -> new WeakColumns(settings.only("shape").number("shape")));

  private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");
  private static final int MOST_SHAPES = 64;

  private final String label;
  private final boolean hasSettings;
  private final Function<Settings, FaultPattern> reader;

  PatternForm(String label, FaultPattern pattern) {
    this.label = label;
    this.hasSettings = false;
    this.reader = none -> pattern;
  }

  PatternForm(String label, Function<Settings, FaultPattern> reader) {
    this.label = label;
    this.hasSettings = true;
    this.reader = reader;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean hasSettings() {
    return hasSettings;
  }

  @Override
  public FaultPattern read(Settings settings) {
    return reader.apply(settings);
  }

  private static FaultPattern clusters(Settings settings) {
    List<Shape> shapes = new ArrayList<>();
    for (String key : settings.keys()) {
      shapes.add(shape(settings, key));
    }
    if (shapes.size() > MOST_SHAPES) {
      throw new InvalidValue(CLUSTER.label, Text.of("more than %d shapes", MOST_SHAPES));
    }
    return new Clusters(shapes);
  }

  private static Shape shape(Settings settings, String key) {
    var size = SHAPE.matcher(key);
    if (!size.matches()) {
      throw new InvalidValue(
          settings.at(key),
          Text.of("\"%s\" is no shape; write rows and columns, such as 1x2: 0.25", key));
    }
    try {
      return new Shape(
          Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)), settings.number(key));
    } catch (InvalidValue e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidValue(settings.at(key), e.getMessage());
    }
  }
}
