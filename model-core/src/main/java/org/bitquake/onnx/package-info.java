/** Quantised networks as ONNX files: into the integer graph, and out of it. */
package org.bitquake.onnx;
