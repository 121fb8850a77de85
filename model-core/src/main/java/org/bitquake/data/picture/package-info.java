/** Pictures in files: what is in them, decoded, and made to the size that a network takes. */
package org.bitquake.data.picture;
