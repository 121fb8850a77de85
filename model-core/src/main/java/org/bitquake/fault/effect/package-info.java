/** What faulty cells read, where they do not all do the same to a bit. */
package org.bitquake.fault.effect;
