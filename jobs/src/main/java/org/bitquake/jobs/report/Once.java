package org.bitquake.jobs.report;

import java.util.function.Supplier;

/**
 * A value that is made when it is first asked for, once, however many threads ask.
 *
 * @param <T> what it is
 */
final class Once<T> implements Supplier<T> {
  private Supplier<T> source;
  private T value;

  private Once(Supplier<T> source) {
    this.source = source;
  }

  static <T> Supplier<T> of(Supplier<T> source) {
    return new Once<>(source);
  }

  @Override
  public synchronized T get() {
    if (source != null) {
      value = source.get();
      source = null;
    }
    return value;
  }
}
