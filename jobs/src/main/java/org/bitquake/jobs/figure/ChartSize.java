package org.bitquake.jobs.figure;

import java.awt.geom.Rectangle2D;

/** Width and height of a chart in points. */
record ChartSize(int width, int height) {
  Rectangle2D rectangle() {
    return new Rectangle2D.Double(0, 0, width, height);
  }
}
