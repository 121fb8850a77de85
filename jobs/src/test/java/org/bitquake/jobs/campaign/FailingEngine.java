package org.bitquake.jobs.campaign;

import java.util.function.Consumer;
import org.bitquake.engine.Engine;
import org.bitquake.memory.ActivationFaults;

/**
 * An engine that may refuse weights.
 *
 * @param onLoad sees the codes before the engine does, and throws to refuse them
 */
public record FailingEngine(String name, Engine engine, Consumer<byte[][]> onLoad)
    implements Engine {
  @Override
  public void activations(ActivationFaults faults) {
    engine.activations(faults);
  }

  @Override
  public void load(byte[][] codes) {
    onLoad.accept(codes);
    engine.load(codes);
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    engine.logits(images, count, logits);
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    engine.predict(images, count, predictions);
  }

  @Override
  public void close() {
    engine.close();
  }
}
