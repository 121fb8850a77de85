package org.bitquake.landscape;

/**
 * What flows past a tensor besides its values, each of the tensor's own layout.
 *
 * @param tangent how the values change with the weights moving along the Hessian's vector
 * @param gradient of the loss by the values
 * @param gradientTangent how that gradient changes
 */
record Flow(LaneTensor tangent, LaneTensor gradient, LaneTensor gradientTangent) {
  static Flow past(LaneTensor values) {
    return new Flow(like(values), like(values), like(values));
  }

  private static LaneTensor like(LaneTensor values) {
    return new LaneTensor(values.shape, values.pad);
  }

  void clearGradients() {
    gradient.clear();
    gradientTangent.clear();
  }
}
