package org.bitquake.jobs.plan;

import org.bitquake.stats.DifferenceTally;

/**
 * What a pilot saw of one cell.
 *
 * @param cell its number in the campaign
 * @param tally of its trials, all of the same number of images
 * @param cost as measured here. The first kind × rate of a network pays for the fault map and the
 *     images, as in a campaign
 */
record PilotCell(int cell, DifferenceTally tally, TrialCost cost) {}
