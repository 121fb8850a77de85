package org.bitquake.jobs.figure;

import java.awt.Graphics2D;
import java.util.function.Consumer;

/**
 * Something that can be drawn anywhere, again and again.
 *
 * @param size what it takes
 * @param painter draws it with its upper left corner at the origin
 */
record Drawing(ChartSize size, Consumer<Graphics2D> painter) {}
