package org.bitquake.jobs.config;

import java.util.ArrayList;
import java.util.List;
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
  CELL("cell", false) {
    @Override
    public FaultPattern read(Settings settings) {
      return CellPattern.INSTANCE;
    }
  },
  ROW("row", false) {
    @Override
    public FaultPattern read(Settings settings) {
      return Lines.ROW;
    }
  },
  COLUMN("column", false) {
    @Override
    public FaultPattern read(Settings settings) {
      return Lines.COLUMN;
    }
  },
  ARRAY("array", false) {
    @Override
    public FaultPattern read(Settings settings) {
      return Lines.ARRAY;
    }
  },
  CLUSTER("cluster", true) {
    @Override
    public FaultPattern read(Settings settings) {
      List<Shape> shapes = new ArrayList<>();
      for (String key : settings.keys()) {
        shapes.add(shape(settings, key));
      }
      if (shapes.size() > MOST_SHAPES) {
        throw new InvalidValue(label(), Text.of("more than %d shapes", MOST_SHAPES));
      }
      return new Clusters(shapes);
    }
  },
  COLUMNS("columns", true) {
    @Override
    public FaultPattern read(Settings settings) {
      return new WeakColumns(settings.only("shape").number("shape"));
    }
  },
  PROFILE("profile", true) {
    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public FaultPattern read(Settings settings) {
      return ChipFiles.read(settings);
    }
  };

  private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");
  private static final int MOST_SHAPES = 64;

  private final String label;
  private final boolean hasSettings;

  PatternForm(String label, boolean hasSettings) {
    this.label = label;
    this.hasSettings = hasSettings;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean hasSettings() {
    return hasSettings;
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
