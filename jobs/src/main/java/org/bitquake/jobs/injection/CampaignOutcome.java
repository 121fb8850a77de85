package org.bitquake.jobs.injection;

/**
 * What came of a campaign, of trials or of single faults.
 *
 * @param directory of the tables
 * @param report for people
 * @param failed trials or single faults without a result
 */
public record CampaignOutcome(String directory, String report, long failed) {}
