package org.bitquake.jobs.plan;

import org.bitquake.engine.Engine;
import org.bitquake.memory.ActivationFaults;

/** An engine that adds up the CPU time of this thread that its predictions take. */
final class TimedEngine implements Engine {
  private final Engine engine;
  private final Clock clock;

  /** Nanoseconds spent on images; one for all engines of a task. */
  static final class Clock {
    private long nanos;

    long nanos() {
      return nanos;
    }
  }

  TimedEngine(Engine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public void activations(ActivationFaults faults) {
    engine.activations(faults);
  }

  @Override
  public void load(byte[][] codes) {
    engine.load(codes);
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    long start = Stopwatch.now();
    engine.logits(images, count, logits);
    clock.nanos += Stopwatch.now() - start;
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    long start = Stopwatch.now();
    engine.predict(images, count, predictions);
    clock.nanos += Stopwatch.now() - start;
  }

  @Override
  public void close() {
    engine.close();
  }
}
