package org.bitquake.memory;

import java.util.OptionalDouble;

/**
 * What a memory does at a supply voltage.
 *
 * @param voltage in the unit of its {@link VoltageCurve}
 * @param rate probability of a cell to be faulty, 0 to 1
 * @param energy of an access, relative to that at some voltage; empty where it is not known
 */
public record OperatingPoint(double voltage, double rate, OptionalDouble energy) {}
