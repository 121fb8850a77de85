/** Exact inference after one weight has changed, from what the image looked like before. */
package org.bitquake.engine.incremental;
