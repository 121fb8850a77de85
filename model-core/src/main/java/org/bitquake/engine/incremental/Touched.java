package org.bitquake.engine.incremental;

/** A set of small numbers, in the order in which they came, cleared at the cost of its size. */
final class Touched {
  private final int[] members;
  private final boolean[] in;
  private int size;

  Touched(int range) {
    members = new int[range];
    in = new boolean[range];
  }

  void add(int member) {
    if (!in[member]) {
      in[member] = true;
      members[size++] = member;
    }
  }

  int size() {
    return size;
  }

  int get(int index) {
    return members[index];
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      in[members[i]] = false;
    }
    size = 0;
  }
}
