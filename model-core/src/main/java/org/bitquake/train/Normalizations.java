package org.bitquake.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The batch normalisations of a model, whose γ and β are part of its flat parameters. */
final class Normalizations {
  private final Map<LayerPlan, BatchNorm> norms = new LinkedHashMap<>();

  /** That of a layer, made when it is first asked for. */
  BatchNorm make(LayerPlan layer) {
    return norms.computeIfAbsent(layer, l -> new BatchNorm(l.outputs()));
  }

  /** That of a layer; empty where it has biases instead. */
  Optional<BatchNorm> of(LayerPlan layer) {
    return Optional.ofNullable(norms.get(layer));
  }

  /** Parameters of all of them. */
  int parameters() {
    return 2 * norms.values().stream().mapToInt(n -> n.mean.length).sum();
  }

  /** The running statistics, layer by layer: means, variances. */
  List<float[]> statistics() {
    return norms.values().stream().flatMap(n -> List.of(n.mean, n.variance).stream()).toList();
  }

  /** Takes a layer's γ and β from the flat parameters. */
  void load(LayerPlan layer, ParameterSlot slot, float[] parameters) {
    var norm = norms.get(layer);
    if (norm != null) {
      System.arraycopy(parameters, gamma(slot), norm.gamma, 0, slot.biases());
      System.arraycopy(parameters, slot.biasOffset(), norm.beta, 0, slot.biases());
    }
  }

  /** Writes the gradients of a layer's γ and β into a flat one. */
  void readGradient(LayerPlan layer, ParameterSlot slot, float[] gradient) {
    var norm = norms.get(layer);
    if (norm != null) {
      System.arraycopy(norm.gammaGradient, 0, gradient, gamma(slot), slot.biases());
      System.arraycopy(norm.betaGradient, 0, gradient, slot.biasOffset(), slot.biases());
    }
  }

  /** Makes a layer's measured statistics the running ones; inference stays as it is. */
  void recentre(LayerPlan layer, ParameterSlot slot, float[] parameters) {
    var norm = norms.get(layer);
    if (norm != null) {
      norm.recentre();
      System.arraycopy(norm.gamma, 0, parameters, gamma(slot), slot.biases());
      System.arraycopy(norm.beta, 0, parameters, slot.biasOffset(), slot.biases());
    }
  }

  private static int gamma(ParameterSlot slot) {
    return slot.gammaOffset().orElseThrow();
  }
}
