package org.bitquake.protect;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bitquake.Text;

/**
 * Cells of weights that a file lists one by one, each by layer, filter, index in the filter, and
 * bit. Equal lists have equal names and contents.
 */
public final class CellList implements Serializable {
  /** Cells of a file, at most. */
  public static final int MOST_CELLS = 1 << 22;

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String sha256;
  private final String file;
  private final ArrayList<String> layers;
  private final int[] lines;
  private final int[] layerOf;
  private final int[] filters;
  private final int[] indices;
  private final byte[] bits;

  /**
   * One cell.
   *
   * @param layer position of its name among those that the file has
   */
  record Cell(int line, int layer, int filter, int index, int bit) {}

  /** Takes cells. */
  @FunctionalInterface
  interface Taker {
    /**
     * A cell of a network.
     *
     * @param layer position among its weight layers
     * @param weight position in the layer's codes
     * @throws IllegalArgumentException if it cannot be taken
     */
    void cell(int layer, int weight, int bit);
  }

  /** Where the weights of a network's layers lie. */
  record Shape(List<String> names, int[] filters, int[] weights, int[] bits) {}

  /**
   * @param name of the file, without folders
   * @param file what to call it in messages
   * @param layers names that cells have
   */
  CellList(String name, String sha256, String file, List<String> layers, List<Cell> cells) {
    this.name = name;
    this.sha256 = sha256;
    this.file = file;
    this.layers = new ArrayList<>(layers);
    lines = cells.stream().mapToInt(Cell::line).toArray();
    layerOf = cells.stream().mapToInt(Cell::layer).toArray();
    filters = cells.stream().mapToInt(Cell::filter).toArray();
    indices = cells.stream().mapToInt(Cell::index).toArray();
    bits = new byte[cells.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) cells.get(i).bit();
    }
  }

  /** Name of its file, without folders. */
  public String name() {
    return name;
  }

  /** Of its file, in hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  /** Number of cells. */
  public int size() {
    return lines.length;
  }

  /**
   * Names the cells of a network, in the order of the file.
   *
   * @throws IllegalArgumentException that names file and line, if the network lacks one, or the
   *     taker refuses it
   */
  void forEach(Shape network, Taker taker) {
    int[] positions = layers.stream().mapToInt(network.names()::indexOf).toArray();
    for (int i = 0; i < lines.length; i++) {
      int layer = positions[layerOf[i]];
      if (layer < 0) {
        throw error(
            i,
            Text.of(
                "there is no layer %s; there are %s",
                layers.get(layerOf[i]), String.join(", ", network.names())));
      }
      int ofFilter = network.weights()[layer] / network.filters()[layer];
      require(i, "filter", filters[i], network.filters()[layer]);
      require(i, "index", indices[i], ofFilter);
      require(i, "bit", bits[i], network.bits()[layer]);
      try {
        taker.cell(layer, filters[i] * ofFilter + indices[i], bits[i]);
      } catch (IllegalArgumentException e) {
        throw error(i, Text.of("%s %s", cell(i), e.getMessage()));
      }
    }
  }

  private void require(int cell, String what, int value, int count) {
    if (value >= count) {
      throw error(
          cell,
          Text.of(
              "%s %d; layer %s has 0 to %d", what, value, layers.get(layerOf[cell]), count - 1));
    }
  }

  private String cell(int its) {
    return Text.of(
        "%s, filter %d, index %d, bit %d",
        layers.get(layerOf[its]), filters[its], indices[its], bits[its]);
  }

  private IllegalArgumentException error(int cell, String message) {
    return new IllegalArgumentException(Text.of("%s:%d: %s", file, lines[cell], message));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellList its && name.equals(its.name) && sha256.equals(its.sha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, sha256);
  }

  @Override
  public String toString() {
    return name;
  }
}
