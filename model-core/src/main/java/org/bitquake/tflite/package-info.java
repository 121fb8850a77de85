/** Reads networks from TensorFlow Lite's files. */
package org.bitquake.tflite;
