package org.bitquake.fault;

import java.util.Arrays;

/** Faulty cells of one layer with their marks. */
final class SiteList {
  private static final int FIRST_CAPACITY = 256;

  private int size;
  private int[] cells = new int[FIRST_CAPACITY]; // weight · 8 + cell
  private double[] marks = new double[FIRST_CAPACITY];

  void clear() {
    size = 0;
  }

  void add(int cell, double mark) {
    if (size == cells.length) {
      int capacity = Math.addExact(size, size);
      cells = Arrays.copyOf(cells, capacity);
      marks = Arrays.copyOf(marks, capacity);
    }
    cells[size] = cell;
    marks[size++] = mark;
  }

  void addTo(FaultMap map, int layer) {
    map.addLayer(layer, cells, marks, size);
  }
}
