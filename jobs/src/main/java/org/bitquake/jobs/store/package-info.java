/**
 * Tables that survive being killed: Parquet files that exist only once a manifest names them.
 *
 * <h2>How a part is committed, and why nothing is lost or doubled</h2>
 *
 * <ol>
 *   <li>A run takes the {@link org.bitquake.jobs.store.Lease} of the directory.
 *   <li>A wave is written as Parquet files into a folder of a random name, which nobody reads.
 *   <li>Each file is read back: its length, its SHA-256 and its rows, which must be as many as were
 *       computed.
 *   <li>The lease is looked at again; who has lost it ends here.
 *   <li>The manifest is written: one small file that is there whole or not at all. Only now, and at
 *       once, the wave is visible.
 * </ol>
 *
 * <p>A run killed before the last step leaves files that no manifest names; the next one sweeps
 * them and computes the wave again. A manifest's name follows from the job's identity and the
 * wave's number, and a row from the identity and its own number. So whoever commits a wave, and
 * however often, there is one manifest of it, and the rows it names are the same. Spark may try a
 * task twice (its committer lets one attempt's file through, and the rows are counted); that is
 * below this protocol.
 *
 * <h2>What file systems must promise</h2>
 *
 * <table>
 *   <caption>How a small file appears whole, and only if there is none</caption>
 *   <tr><th>local, NFS</th><td>written under another name, synced, then linked: a link is atomic and
 *       never replaces. Where links are refused, created exclusively</td></tr>
 *   <tr><th>HDFS and others</th><td>written under another name, synced, then renamed without
 *       overwriting, which is one operation of the name node</td></tr>
 *   <tr><th>{@code s3a}, {@code gs}, …</th><td>one PUT: atomic; no rename, which would copy. Listings
 *       and reads show the latest write (S3 since December 2020). Creation only if absent is a look
 *       before the PUT, as Hadoop 3.3 sends no condition with it</td></tr>
 * </table>
 *
 * <p>So on an object store two runs that start within the same moment may both write the lock. Each
 * waits until all such writes have come to their end and reads it again: the bytes that stayed name
 * one of them. Were the wait too short, the look before a manifest still finds it.
 *
 * <h2>What remains</h2>
 *
 * <p>Between that look and the manifest's write an owner may be held up for longer than the lease's
 * expiry, while another takes over and sweeps. If the other has committed the wave, the manifest is
 * refused (or, on an object store, replaced by one of the same rows). If the files were swept, it
 * names files that are not there: every reader and {@code bitquake verify} say so in one line with
 * the remedy. Never is a row wrong or doubled. Only a run of another job that overwrites the
 * directory in that moment could find a foreign part in it, which {@code bitquake verify} names.
 */
package org.bitquake.jobs.store;
