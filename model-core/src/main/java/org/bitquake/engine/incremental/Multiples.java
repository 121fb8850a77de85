package org.bitquake.engine.incremental;

import java.util.ServiceLoader;

/** The innermost loop of propagation: adds multiples of weights to sums, exact in int32. */
public interface Multiples {
  /** Whether it works in this process. */
  boolean usable();

  /** {@code to[first + i] += factor · weights[from + i]} for i in 0 … length − 1. */
  void add(int[] weights, int from, int factor, int[] to, int first, int length);

  /** The fastest for so many at a time. */
  static Multiples forLength(int length) {
    return length < Fastest.WORTH_IT ? Fastest.PLAIN : Fastest.FOUND;
  }

  /** Found once. */
  final class Fastest {
    /** C2's own vector code begins and ends with single steps, which are most of short loops. */
    private static final int WORTH_IT = 32;

    private static final Multiples PLAIN = new Plain();
    private static final Multiples FOUND = find();

    private Fastest() {}

    private static Multiples find() {
      for (var its : ServiceLoader.load(Multiples.class, Multiples.class.getClassLoader())) {
        if (its.usable()) {
          return its;
        }
      }
      return PLAIN;
    }
  }

  /** In plain Java. */
  final class Plain implements Multiples {
    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public void add(int[] weights, int from, int factor, int[] to, int first, int length) {
      for (int i = 0; i < length; i++) {
        to[first + i] += weights[from + i] * factor;
      }
    }
  }
}
