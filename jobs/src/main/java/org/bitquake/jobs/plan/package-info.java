/** What a campaign will take, told before it runs from a few of its trials. */
package org.bitquake.jobs.plan;
