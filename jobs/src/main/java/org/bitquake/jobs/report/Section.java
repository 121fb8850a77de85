package org.bitquake.jobs.report;

import java.util.List;

/**
 * A part of a report.
 *
 * @param title its heading
 * @param lead what a reader should know first
 */
record Section(String title, String lead, List<Figure> figures) {}
