package org.bitquake.jobs.config;

import org.bitquake.network.QuantizedNetwork;

/**
 * A network as a job knows it.
 *
 * @param name in tables, unique in the job
 * @param file where it was read
 * @param bytes of the file, as they go to the executors
 * @param network what they say
 */
public record NamedNetwork(String name, String file, byte[] bytes, QuantizedNetwork network) {}
