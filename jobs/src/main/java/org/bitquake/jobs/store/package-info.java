/** Tables that survive being killed: Parquet files that exist only once a manifest names them. */
package org.bitquake.jobs.store;
