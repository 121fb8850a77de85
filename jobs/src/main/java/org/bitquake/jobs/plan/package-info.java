/** What a campaign will take, before it runs. */
package org.bitquake.jobs.plan;
