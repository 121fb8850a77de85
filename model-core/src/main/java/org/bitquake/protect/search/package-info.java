/**
 * The search for the cheapest protection that suffices. A {@link
 * org.bitquake.protect.search.DesignSpace} says what is allowed and what a {@link
 * org.bitquake.protect.search.Design} costs; a {@link org.bitquake.protect.search.DesignSearch}
 * decides which designs to measure, from what a {@link org.bitquake.protect.search.Meter} says of
 * those before; a {@link org.bitquake.protect.search.Confirmation} says on fresh trials which of
 * the last few keeps what it promises.
 */
package org.bitquake.protect.search;
