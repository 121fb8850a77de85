/** Where faults fall: clusters, lines of arrays, weak columns, measured chips. */
package org.bitquake.fault.pattern;
