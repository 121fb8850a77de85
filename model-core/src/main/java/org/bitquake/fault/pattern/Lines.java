package org.bitquake.fault.pattern;

import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.memory.MemoryLayout;

/** Whole rows, columns or arrays fail, each with probability rate, independently. */
public enum Lines implements FaultPattern {
  ROW("row", 2L << 32) {
    @Override
    long count(MemoryLayout memory) {
      return memory.arrays() * memory.storage().rows();
    }

    @Override
    void fail(long line, MemoryLayout memory, double mark, Addresses out) {
      for (int column = 0; column < memory.columns(); column++) {
        out.faulty(line, column, mark);
      }
    }
  },

  COLUMN("column", 3L << 32) {
    @Override
    long count(MemoryLayout memory) {
      return memory.arrays() * memory.columns();
    }

    @Override
    void fail(long line, MemoryLayout memory, double mark, Addresses out) {
      int rows = memory.storage().rows();
      long first = line / memory.columns() * rows;
      for (int row = 0; row < rows; row++) {
        out.faulty(first + row, (int) (line % memory.columns()), mark);
      }
    }
  },

  ARRAY("array", 4L << 32) {
    @Override
    long count(MemoryLayout memory) {
      return memory.arrays();
    }

    @Override
    void fail(long line, MemoryLayout memory, double mark, Addresses out) {
      int rows = memory.storage().rows();
      for (int row = 0; row < rows; row++) {
        ROW.fail(line * rows + row, memory, mark, out);
      }
    }
  };

  private final String label;
  private final long stream;

  Lines(String label, long stream) {
    this.label = label;
    this.stream = stream;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean takesWholeRows() {
    return this != COLUMN;
  }

  @Override
  public double mark(double rate) {
    return rate;
  }

  @Override
  public double rate(double mark) {
    return mark;
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    events.below(mark, stream, count(memory), (line, its) -> fail(line, memory, its, out));
  }

  abstract long count(MemoryLayout memory);

  abstract void fail(long line, MemoryLayout memory, double mark, Addresses out);
}
