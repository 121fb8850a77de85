/**
 * Labelled images wherever they are: folders of pictures, NumPy, Parquet, IDX and CIFAR files.
 * {@link org.bitquake.data.format.DataFormat} chooses, {@link org.bitquake.data.format.ImageLoader}
 * decodes and fits them.
 */
package org.bitquake.data.format;
