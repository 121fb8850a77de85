package org.bitquake.network;

import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/** Fills the layers of an architecture; they are asked for in their order in the network. */
@FunctionalInterface
public interface ParameterSource {
  /** Name of the layer that gives the logits, the last of every architecture. */
  String LOGITS = "fc";

  /** How many logits the network has. */
  default int classes() {
    return 10;
  }

  /** What goes into a layer. */
  Parameters parameters(Slot slot);

  /**
   * Where a layer with weights stands in the graph.
   *
   * @param name unique; {@value #LOGITS} for the last
   * @param input position of the layer read
   * @param residual position of the layer added before rounding
   * @param inputArea positions that a {@link GlobalSum} right before it adds up; 1 without
   */
  record Slot(
      String name,
      int input,
      Shape inputShape,
      Geometry geometry,
      OptionalInt residual,
      int inputArea) {}

  /**
   * What fills a slot.
   *
   * @param bias per output channel, in accumulator units
   * @param scale per output channel; that of {@value #LOGITS} contains the global average's divisor
   * @param activation empty for {@value #LOGITS} only
   */
  record Parameters(
      WeightCodes weights, float[] bias, float[] scale, Optional<Activation> activation) {}
}
